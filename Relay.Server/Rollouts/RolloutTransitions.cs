namespace Relay.Server.Rollouts;

/// <summary>Leads rollouts from step to step: the intention is committed, then published, then committed as published. A stop at any point
/// leaves a state from which <see cref="CompleteAsync"/> goes on.</summary>
internal sealed class RolloutTransitions(RolloutStore store, RolloutPublisher publisher, TimeProvider timeProvider)
{
    /// <summary>Commits the next step of a rollout and publishes it.</summary>
    /// <param name="kind">Of the event.</param>
    public Task<Rollout> GoAsync(
        Rollout rollout, RolloutStep step, double percentage, string state, string kind, string detail, string who, CancellationToken cancellationToken) =>
        CompleteAsync(
            store.Update(
                rollout with { Step = step, Percentage = percentage, State = state, IsPublished = false, WaitsFor = null }, kind, detail, who),
            cancellationToken);

    /// <summary>Publishes what a rollout intends, where that is not done. An exception leaves the intention, which the next call repeats.</summary>
    public async Task<Rollout> CompleteAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        if (rollout.IsPublished || rollout.Outcome != RolloutOutcome.Open)
        {
            return rollout;
        }

        RolloutPublication publication = await publisher.PublishAsync(rollout, cancellationToken);
        Rollout next = rollout with { CandidateRelease = publication.Candidate, Pending = publication.Pending, WaitsFor = publication.WaitsFor };
        if (publication.WaitsFor is null)
        {
            return Commit(next with { IsPublished = true, IsBegun = true });
        }

        if (publication.IsFinal && rollout is { Step: RolloutStep.Stage, IsBegun: false })
        {
            return store.Update(
                next with { Outcome = RolloutOutcome.Refused, FinishedAt = timeProvider.GetUtcNow() }, RolloutEvents.Refused, publication.WaitsFor);
        }

        return next == rollout ? rollout : store.Update(next, RolloutEvents.Waits, publication.WaitsFor);
    }

    private Rollout Commit(Rollout published) => published.Step switch
    {
        RolloutStep.Complete => store.Update(
            published with { Outcome = RolloutOutcome.Completed, FinishedAt = timeProvider.GetUtcNow() },
            RolloutEvents.Completed, $"The channel runs release {published.CandidateRelease}."),
        RolloutStep.Return => store.Update(
            published with { Outcome = RolloutOutcome.Returned, FinishedAt = timeProvider.GetUtcNow() },
            RolloutEvents.Returned, $"The channel runs release {published.BaseRelease} again."),
        _ => store.Update(
            published, RolloutEvents.Published,
            FormattableString.Invariant($"The channel gives release {published.CandidateRelease} to {published.Percentage} percent of its nodes.")),
    };
}

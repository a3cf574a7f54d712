using Relay.Server.Keys.Signers;
using Relay.Server.Signing;

namespace Relay.Server.Rollouts;

/// <summary>Leads rollouts from step to step: the intention is committed, then published, then committed as published. A stop at any point
/// leaves a state from which <see cref="CompleteAsync"/> goes on.</summary>
internal sealed partial class RolloutTransitions(
    RolloutStore store, RolloutPublisher publisher, SigningMeter meter, TimeProvider timeProvider, ILogger<RolloutTransitions> log)
{
    /// <summary>Commits the next step of a rollout and publishes it.</summary>
    /// <param name="kind">Of the event.</param>
    public Task<Rollout> BeginStepAsync(
        Rollout rollout, RolloutStep step, double percentage, string state, string kind, string detail, string who,
        CancellationToken cancellationToken) =>
        CompleteAsync(
            store.Update(
                rollout with { Step = step, Percentage = percentage, State = state, IsPublished = false, WaitsFor = null }, kind, detail, who),
            cancellationToken);

    /// <summary>Publishes the first stage of a rollout that was just added.</summary>
    public async Task<RolloutStart> StartAsync(Rollout added, CancellationToken cancellationToken)
    {
        RolloutPublication publication = await TryPublishAsync(added, cancellationToken);
        return new(Store(added, publication), publication.Refusal);
    }

    /// <summary>Publishes what a rollout intends, where that is not done. An exception leaves the intention, which the next call repeats.</summary>
    public async Task<Rollout> CompleteAsync(Rollout rollout, CancellationToken cancellationToken) =>
        rollout.IsPublished || rollout.Outcome != RolloutOutcome.Open ? rollout : Store(rollout, await TryPublishAsync(rollout, cancellationToken));

    private async Task<RolloutPublication> TryPublishAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        try
        {
            return await publisher.PublishAsync(rollout, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or SigningException)
        {
            // An error of a file may name a temporary one, and one of the clock the time: it would be another reason each time.
            string reason = e switch
            {
                SigningException { Fault: SigningFault.Clock } => "The clock may not date signatures.",
                InvalidDataException or SigningException => e.Message,
                _ => $"The repository cannot be written ({e.GetType().Name}).",
            };
            reason = $"{reason.TrimEnd('.')}. The relay tries again each second; its log says more.";
            if (reason != rollout.WaitsFor)
            {
                // As the log, once for each reason: it is tried each second.
                if (e is SigningException)
                {
                    meter.CountFailure(SigningMeter.Publication, e);
                }

                LogUnpublished(e, rollout.Id, rollout.Step, rollout.Channel);
            }

            return RolloutPublication.Waiting(rollout.CandidateRelease, rollout.Pending, reason);
        }
    }

    /// <summary>Stores what became of a publication.</summary>
    private Rollout Store(Rollout rollout, RolloutPublication publication)
    {
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

    [LoggerMessage(1608, LogLevel.Error, "Rollout {Rollout}: the step {Step} of channel {Channel} cannot be published; " +
        "the relay tries again each second")]
    private partial void LogUnpublished(Exception exception, long rollout, RolloutStep step, string channel);
}

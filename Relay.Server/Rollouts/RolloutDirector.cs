using System.Globalization;
using System.Text.Json;
using Relay.Server.Releases;
using Relay.Server.Repository;
using Relay.Server.Rollouts.Evidence;
using Relay.Server.Rollouts.Planning;
using Shared.Contracts;

namespace Relay.Server.Rollouts;

/// <summary>Asks the planner how rollouts go on, and does what it decides. The worker and the operators' commands take turns.</summary>
internal sealed class RolloutDirector(
    RolloutStore store, RolloutTransitions transitions, RolloutVerdicts verdicts, RepositoryCache repository, TimeProvider timeProvider)
{
    // The time of a stage is stored as often, so that a kill loses no more of it; below the planner's longest step.
    private static readonly TimeSpan StoredEvery = TimeSpan.FromSeconds(30);

    // It is not disposed: a host that does not wait for its worker would end it inside.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Starts a rollout that nothing stands against.</summary>
    /// <returns>Null when another runs on the channel, or a version of it was deleted meanwhile.</returns>
    public Task<RolloutStart?> StartAsync(Rollout rollout, string detail, CancellationToken cancellationToken) => InTurnAsync(
        async () => store.TryAdd(rollout, detail) is { } added ? await transitions.StartAsync(added, cancellationToken) : null, cancellationToken);

    /// <summary>Decides on a rollout by its evidence and the time.</summary>
    public Task<Rollout> DecideAsync(long id, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            Rollout rollout = await transitions.CompleteAsync(store.Find(id)!, cancellationToken);
            return rollout.Outcome == RolloutOutcome.Open ? await DecideAsync(rollout, cancellationToken) : rollout;
        },
        cancellationToken);

    /// <summary>Does what an operator wants.</summary>
    public Task<Result<Rollout, RolloutRefusal>> CommandAsync(long id, RolloutCommand command, string who, CancellationToken cancellationToken) =>
        InTurnAsync(() => CommandAsync(store.Find(id)!, command, who, cancellationToken), cancellationToken);

    private async Task<Rollout> DecideAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        if (rollout.Step != RolloutStep.Stage)
        {
            return rollout;
        }

        RepositorySnapshot snapshot = repository.Read();
        if (rollout.CandidateRelease is { } candidate && Revocation.FirstRevoked(snapshot, candidate) is { } revoked)
        {
            Result<Rollout, RolloutRefusal> halted = await CommandAsync(rollout, RolloutCommand.Revoke, RolloutEvent.Relay, cancellationToken);
            return halted.Value ?? PauseOnce(rollout, $"{revoked.Name} {revoked.Version} is revoked. {halted.Refusal!.Detail}");
        }

        if (CannotReturn(snapshot, rollout) is { } reason)
        {
            return PauseOnce(rollout, reason);
        }

        if (rollout is not { IsPublished: true, IsBegun: true })
        {
            return rollout;
        }

        DateTimeOffset now = timeProvider.GetUtcNow();
        verdicts.CountSilent(rollout, now);
        IReadOnlyList<RoundVerdict> rounds = verdicts.Evaluate(rollout, now);
        RolloutState state = rollout.ReadState();
        RolloutDecision decision = RolloutPlanner.Plan(rollout.ReadRule(), state, rounds, now);
        return decision.Action is RolloutAction.Stay or RolloutAction.WaitForWindow
            ? (now - state.At).Duration() < StoredEvery && decision.State.PassFrom == state.PassFrom
                ? rollout
                : store.Update(rollout.With(decision.State))
            : await DoAsync(rollout, decision, RolloutEvent.Relay, cancellationToken);
    }

    private async Task<Result<Rollout, RolloutRefusal>> CommandAsync(
        Rollout rollout, RolloutCommand command, string who, CancellationToken cancellationToken)
    {
        if (rollout.Outcome != RolloutOutcome.Open || rollout.Step != RolloutStep.Stage)
        {
            return new RolloutRefusal(RolloutRefusalReason.Ended, $"Rollout {rollout.Id} is over, or it is ending.");
        }

        string? cannotReturn = CannotReturn(repository.Read(), rollout);
        if ((command is RolloutCommand.Halt or RolloutCommand.Revoke or RolloutCommand.Resume) && cannotReturn is not null)
        {
            return new RolloutRefusal(RolloutRefusalReason.CannotReturn, cannotReturn);
        }

        // Without a way back there is no next stage: a document that names the base release would be refused.
        if (command == RolloutCommand.Skip && cannotReturn is not null)
        {
            RolloutState completed = rollout.ReadState() with { Status = RolloutStatus.Completed, Percentage = 100 };
            return await DoAsync(rollout, new(RolloutAction.Complete, completed, "An operator gave it to all nodes."), who, cancellationToken);
        }

        Result<RolloutDecision, RolloutRefusal> decision = RolloutPlanner.Apply(
            rollout.ReadRule(), rollout.ReadState(), command, timeProvider.GetUtcNow());
        return decision.IsAccepted ? await DoAsync(rollout, decision.Value, who, cancellationToken) : decision.Refusal;
    }

    private Task<Rollout> DoAsync(Rollout rollout, RolloutDecision decision, string who, CancellationToken cancellationToken)
    {
        Rollout next = rollout.With(decision.State);
        if (decision.State.HasEnded && rollout.IsBegun && RolloutViews.FindDecisiveRound(verdicts.Evaluate(rollout,
            decision.State.At)) is { } decisive)
        {
            // The counts are removed with the end.
            next = next with { Summary = JsonSerializer.Serialize(decisive, RolloutJson.Default.RoundVerdict) };
            verdicts.Forget(rollout.Id);
        }

        double percentage = decision.State.Percentage;
        return decision.Action switch
        {
            RolloutAction.Ramp => BeginStepAsync(RolloutStep.Stage, RolloutEvents.Ramped),
            RolloutAction.Advance => BeginStepAsync(RolloutStep.Stage, who == RolloutEvent.Relay ? RolloutEvents.Advanced : RolloutEvents.Skipped),
            RolloutAction.Complete => BeginStepAsync(RolloutStep.Complete, RolloutEvents.Completing),
            RolloutAction.Halt => BeginStepAsync(RolloutStep.Return, RolloutEvents.Halted),
            RolloutAction.Pause => Task.FromResult(store.Update(next, RolloutEvents.Paused, decision.Reason, who)),
            RolloutAction.Resume => Task.FromResult(store.Update(next, RolloutEvents.Resumed, decision.Reason, who)),
            _ => Task.FromResult(store.Update(next)),
        };

        Task<Rollout> BeginStepAsync(RolloutStep step, string kind) =>
            transitions.BeginStepAsync(next, step, percentage, next.State, kind, decision.Reason, who, cancellationToken);
    }

    /// <summary>Why the channel cannot run the base release again; null when it can, or still runs it on all nodes.</summary>
    private static string? CannotReturn(RepositorySnapshot snapshot, Rollout rollout) =>
        !rollout.IsBegun || snapshot.Policy.CheckRelease(rollout.BaseRelease) is null
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Release {rollout.BaseRelease} is below the minimum release, so that the channel cannot go back to it. 'relay rollout skip " +
                    $"{rollout.Id}' gives the candidate to all nodes.");

    /// <summary>Pauses a rollout that has no way back, and says so once.</summary>
    private Rollout PauseOnce(Rollout rollout, string reason)
    {
        if (rollout.WaitsFor == reason)
        {
            return rollout;
        }

        RolloutState state = rollout.ReadState() with { Status = RolloutStatus.Paused };
        return store.Update(rollout.With(state) with { WaitsFor = reason }, RolloutEvents.Paused, reason);
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}

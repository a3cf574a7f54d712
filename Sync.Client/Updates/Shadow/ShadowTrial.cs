using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Platform.Threads;
using Sync.Client.Scoring;

namespace Sync.Client.Updates.Shadow;

/// <summary>A loaded release that runs beside the active one until it is known whether their answers agree. It owns the scorers that it
/// does not share, until it is activated or abandoned.</summary>
internal sealed class ShadowTrial
{
    private readonly PlannedRelease _plan;
    private readonly ShadowRun[] _runs;
    private readonly CancellationTokenSource _abandoned = new();

    private ShadowTrial(LoadedRelease candidate, PlannedRelease plan, ShadowRun[] runs) => (Candidate, _plan, _runs) = (candidate, plan, runs);

    public LoadedRelease Candidate { get; }

    public IReadOnlyList<ShadowReport> Reports => [.. _runs.Select(r => r.Report)];

    /// <summary>Completes when every model is decided on, or the trial is abandoned.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Starts a trial, or returns null where there is nothing to compare.</summary>
    public static ShadowTrial? Start(
        LoadedRelease candidate, LoadedRelease? running, PlannedRelease plan, ShadowOptions options, TimeProvider timeProvider)
    {
        ShadowRun[] runs =
        [
            .. from next in candidate.Scorers.Values
               let active = running?.Scorers.GetValueOrDefault(next.Version.Name)
               where active is not null && active != next
               let map = AnswerMap.Create(active.Version.Schema, next.Version.Schema)
               where map is not null
               select new ShadowRun(active, next, map, options, timeProvider),
        ];
        if (runs.Length == 0)
        {
            return null;
        }

        ShadowTrial trial = new(candidate, plan, runs);
        trial.Ended = Task.WhenAll(runs.Select(run => BackgroundThread.RunAsync(
            () =>
            {
                run.Run(trial._abandoned.Token);
                return run;
            },
            $"relay shadows {run.Report.Model}")));
        return trial;
    }

    /// <summary>True when the plan asks for the release on trial.</summary>
    public bool IsOf(PlannedRelease plan) => plan.IsRunBy(Candidate);

    /// <summary>The first model that disagreed too often, with its refusal; null when all agreed.</summary>
    public (PlannedModel Model, Refusal Refusal)? FindDisagreement()
    {
        if (Reports.FirstOrDefault(r => r.State == ShadowState.Disagreed) is not { } report)
        {
            return null;
        }

        PlannedModel model = _plan.Models.Single(m => m.Name == report.Model);
        return (model, new(
            RefusalReason.ShadowDisagreement, model.File.Path,
            $"{report.Disagreements} of {report.Calls} calls answered otherwise than by version {report.Active}, by at " +
                $"most {report.LargestDifference:G3}"));
    }

    /// <summary>Ends the trial, and frees its scorers once none of its threads uses them.</summary>
    /// <param name="running">The release whose scorers stay.</param>
    public async Task AbandonAsync(LoadedRelease? running)
    {
        await _abandoned.CancelAsync().ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
        Retire(running);
    }

    /// <summary>Frees the scorers that the running release does not share.</summary>
    public void Retire(LoadedRelease? running) => Candidate.RetireExcept(running);
}

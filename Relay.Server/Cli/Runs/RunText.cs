using System.Globalization;
using Relay.Server.Cli.Versions;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Runs;

/// <summary>What people read of a training run.</summary>
internal static class RunText
{
    /// <summary>Rows of the table of a curve.</summary>
    private const int ShownPoints = 15;

    public static string Describe(TrainingRunState state) => state.ToString().ToLowerInvariant();

    /// <summary>One line.</summary>
    public static string Summarize(TrainingRun run) => DisplayText.Format($"{run.Id}: {run.Model}, {Describe(run.State)}")
        + (run.Version is { } version ? DisplayText.Format($", version {version}") : "")
        + (run.Stage is { } stage ? DisplayText.Format($", {stage}") : "")
        + (run.Problem is { } problem ? DisplayText.Format($", {problem.Fault}: {problem.Detail}") : "");

    /// <summary>All that is known of a run but its log.</summary>
    public static IEnumerable<string> Describe(TrainingRun run, TrainingCurve curve)
    {
        yield return Summarize(run) + (run.Total is { } total ? DisplayText.Format($" {run.Done} of {total}") : "");
        yield return $"  rows: {Describe(run.Data)}";
        yield return DisplayText.Format($"  queued {run.CreatedAt:u}") + At("started", run.StartedAt) + At("ended", run.FinishedAt)
            + (run.StartedBy is { } key ? DisplayText.Format($", by key {key}") : "")
            + (run.Trigger is { } trigger ? DisplayText.Format($", by trigger {trigger}") : "");
        foreach (string line in GateText.Describe(run.Gates ?? []).Concat(Describe(curve)))
        {
            yield return $"  {line}";
        }
    }

    private static string At(string what, DateTimeOffset? time) => time is { } at ? DisplayText.Format($", {what} {at:u}") : "";

    private static string Describe(TrainingDataSource data) => data switch
    {
        { Import: { } import } => DisplayText.Format($"import of {import.File}, held out {data.Test}"),
        { Simulator: { } simulator } => DisplayText.Format($"{simulator.Requests} simulated requests, seed {simulator.Seed}"),
        { Dataset: { } dataset } => DisplayText.Format($"dataset {dataset.Name}"),
        _ => DisplayText.Format($"{data.Train}"),
    } + (data is { Import: null, Test: { } test } ? DisplayText.Format($", held out {test}") : "");

    private static IEnumerable<string> Describe(TrainingCurve curve)
    {
        if (curve.Points.Count == 0)
        {
            return ["curve: none"];
        }

        IEnumerable<string> table = TextTable.Lines(
            ["iteration", "validation loss", "seconds"],
            curve.Choose(ShownPoints).Select(point => (IReadOnlyList<string>)
            [
                point.Iteration.ToString(CultureInfo.InvariantCulture),
                point.ValidationLoss?.ToString("0.000000", CultureInfo.InvariantCulture) ?? "-",
                point.Seconds.ToString("0.0", CultureInfo.InvariantCulture),
            ]));
        return
        [
            curve.HasLoss ? "curve:" : "curve, without a validation loss: this model is fitted without early stopping",
            .. table,
            .. curve.Kept is { } kept ? [DisplayText.Format($"early stopping keeps {kept} iterations")] : Array.Empty<string>(),
        ];
    }
}

using Relay.WebConsole.Components;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Training;

/// <summary>Training runs in words.</summary>
internal static class RunStates
{
    public static Tone ToneOf(TrainingRunState state) => state switch
    {
        TrainingRunState.Succeeded => Tone.Good,
        TrainingRunState.Failed => Tone.Bad,
        TrainingRunState.Running => Tone.Busy,
        _ => Tone.Plain,
    };

    /// <summary>Where the rows come from.</summary>
    public static string Describe(TrainingDataSource data) => data switch
    {
        { Import: { } import } => $"import of {import.File}",
        { Simulator: { } simulator } => FormattableString.Invariant($"{simulator.Requests:N0} simulated requests, seed {simulator.Seed}"),
        { Dataset: { } dataset } => $"dataset {dataset.Name}{(data.Test is { } held ? $", held out: {held}" : "")}",
        _ => $"{data.Train}{(data.Test is { } test ? $", held out: {test}" : "")}",
    };

    /// <summary>How long the run took; null where it did not start or has not ended.</summary>
    public static string? DurationOf(TrainingRun run) => run.FinishedAt - run.StartedAt is { } duration
        ? duration.TotalSeconds < 60
            ? FormattableString.Invariant($"{duration.TotalSeconds:0.#} s")
            : FormattableString.Invariant($"{(int)duration.TotalMinutes} min {duration.Seconds} s")
        : null;
}

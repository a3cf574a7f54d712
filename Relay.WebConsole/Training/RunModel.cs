using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Training;

/// <summary>A training run with what it made, its curve and the end of its log.</summary>
public sealed record RunModel
{
    /// <summary>Lines of the log on the page, the newest.</summary>
    public const int ShownLines = 200;

    public required TrainingRun Run { get; init; }

    /// <summary>What it made; null: nothing yet, or that was deleted.</summary>
    public required VersionDetail? Version { get; init; }

    public required TrainingCurve Curve { get; init; }

    public required IReadOnlyList<string> Log { get; init; }

    /// <summary>Lines of the log before <see cref="Log"/>.</summary>
    public required int EarlierLines { get; init; }

    internal static async Task<RunModel> ReadAsync(PageRequest request, long id, CancellationToken cancellationToken)
    {
        TrainingRun run = await request.Api.TrainingRuns.FindAsync(id, cancellationToken);
        string log = await request.Api.TrainingRuns.ReadLogAsync(id, cancellationToken: cancellationToken);
        string[] lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int earlier = Math.Max(0, lines.Length - ShownLines);
        return new()
        {
            Run = run,
            Version = await FindVersionAsync(request, run, cancellationToken),
            Curve = await request.Api.TrainingRuns.FindCurveAsync(id, cancellationToken),
            Log = lines[earlier..],
            EarlierLines = earlier,
        };
    }

    /// <summary>The version that a run made; null: it made none, or that was deleted.</summary>
    internal static async Task<VersionDetail?> FindVersionAsync(PageRequest request, TrainingRun run, CancellationToken cancellationToken) =>
        run.Version is { } version
            ? await PageRequest.FindAsync(request.Api.Versions.FindAsync(run.Model, version, cancellationToken))
            : null;
}

using System.Diagnostics;
using System.Globalization;
using Benchmarks.Quality;
using Benchmarks.Training;
using Relay.Training;
using Relay.Training.Data.Tables;
using Relay.Training.Gates;
using Shared.Contracts.Models;

namespace Benchmarks.Budget;

/// <summary>The smallest model within half a point of the full one, by its share of the bytes. The loss is measured on parts of the training rows;
/// beside it stands the loss on held-out rows, which the search never sees. There is no peer: libraries of trees do not search so.</summary>
internal static class BudgetSuite
{
    private const double Points = 0.5;

    public static Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken) => RunAsync(_ => true, cancellationToken);

    /// <summary>One of the sets with one of the algorithms.</summary>
    public static Task<IReadOnlyList<BenchRow>> RunAsync(string id, CancellationToken cancellationToken) =>
        RunAsync(job => job == id, cancellationToken);

    public static IReadOnlyList<string> Ids { get; } = ["kdd99-forest", "kdd99-boosting", "http-params-forest", "http-params-boosting"];

    private static IEnumerable<(string Id, TrainingJob Job)> Jobs()
    {
        if (BenchData.FindKdd99() is { } kdd99)
        {
            DataOrigin files = new DataOrigin.Files(kdd99.Source.TrainPath, kdd99.Source.TestPath);
            yield return (Ids[0], Job(kdd99.Source.Spec, ModelAlgorithm.RandomForest, files));
            yield return (Ids[1], Job(kdd99.Source.Spec, ModelAlgorithm.GradientBoosting, files));
        }
        else
        {
            Console.Error.WriteLine("KDD Cup 99 is not in shared/data: its rows are left out");
        }

        if (RealSets.FindHttpParameters() is { } http)
        {
            (ModelSpec spec, DataSet train, DataSet test) = HttpRows.Create(http);
            yield return (Ids[2], Job(spec, ModelAlgorithm.RandomForest, new DataOrigin.Rows(train, test)));
            yield return (Ids[3], Job(spec, ModelAlgorithm.GradientBoosting, new DataOrigin.Rows(train, test)));
        }
        else
        {
            Console.Error.WriteLine("the HTTP parameters are not in shared/data: their rows are left out");
        }
    }

    private static Task<IReadOnlyList<BenchRow>> RunAsync(Predicate<string> isAsked, CancellationToken cancellationToken) =>
        Task.Run<IReadOnlyList<BenchRow>>(
            () => [.. Jobs().Where(job => isAsked(job.Id)).SelectMany(job => Measure(job.Id, job.Job, cancellationToken))], cancellationToken);

    private static TrainingJob Job(ModelSpec spec, ModelAlgorithm algorithm, DataOrigin data) => new(
        spec with { Algorithm = algorithm, Parameters = new(), Budget = new BudgetSpec { MaxQualityLoss = Points } }, 1, data)
    {
        // Gates do not end a measurement: their figures are what is looked at.
        Accepted = GateAcceptances.GateNames.Where(name => GateAcceptances.FindError(name, "a benchmark") is null)
            .ToDictionary(name => name, _ => "a benchmark", StringComparer.Ordinal),
    };

    private static IEnumerable<BenchRow> Measure(string id, TrainingJob job, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        TrainedModel model = TrainingPipeline.CreateDefault().Run(job, cancellationToken: cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        BudgetSummary budget = model.Card.Budget!;
        FrontierPoint small = model.Card.Frontier!.Single(p => p.IsChosen);
        GateResult heldOut = model.Card.Gates!.Single(g => g.Name == "budget-loss");
        ModelParameters chosen = budget.Parameters;
        yield return BenchRow.LowerIsBetter(
            $"budget.{id}.bytes-share", (double)small.SizeBytes / budget.Full.SizeBytes, null, "share",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{small.SizeBytes} of {budget.Full.SizeBytes} bytes; folds: {budget.Figure} {small.Quality:0.0000} of {budget.Full.Quality:0.0000}, "
                    + $"loss {small.Loss:0.00} points [{small.Interval!.Low:0.00}, {small.Interval.High:0.00}]; {Describe(chosen)}"));
        yield return BenchRow.LowerIsBetter(
            $"budget.{id}.held-out-loss", heldOut.Figure ?? double.NaN, null, "points", $"{heldOut.Verdict}: {heldOut.Detail}");
        yield return BenchRow.LowerIsBetter(
            $"budget.{id}.row", small.Microseconds ?? double.NaN, budget.Full.Microseconds, "us", "the peer is the full model");
        yield return BenchRow.LowerIsBetter(
            $"budget.{id}.search", seconds, null, "s", $"{budget.Models} models measured, reading and both trainings included");
    }

    private static string Describe(ModelParameters chosen) =>
        $"trees {chosen.Trees}, depth {Text(chosen.Depth)}, leaves {Text(chosen.Leaves)}, rows in a leaf {Text(chosen.MinSamplesLeaf)}, "
        + $"rate {Text(chosen.LearningRate)}, "
        + $"fraction {Text(chosen.FeatureFraction)}, columns {chosen.Features?.Count.ToString(CultureInfo.InvariantCulture) ?? "all"}";

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "default";
}

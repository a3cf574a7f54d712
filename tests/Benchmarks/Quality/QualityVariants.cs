using Shared.Contracts.Models;

namespace Benchmarks.Quality;

/// <summary>Other parameters of boosting beside the defaults, on all sets: what defaults are chosen by.</summary>
internal static class QualityVariants
{
    private static readonly OwnSide[] Variants =
    [
        Boosting("rate-0.1", new() { LearningRate = 0.1 }),
        Boosting("child-weight-0.01", new() { MinChildWeight = 0.01 }),
        Boosting("rate-0.1-child-weight-0.01", new() { LearningRate = 0.1, MinChildWeight = 0.01 }),
        Boosting("rows-20", new() { MinSamplesLeaf = 20 }),
        Boosting("start-1", new() { StartScore = 1 }),
        Boosting("leaves-31", new() { Leaves = 31 }),
        Boosting("leaves-31-rows-20", new() { Leaves = 31, MinSamplesLeaf = 20 }),
        Boosting("leaves-31-rate-0.1-child-weight-0.01-rows-5", new() { Leaves = 31, LearningRate = 0.1, MinChildWeight = 0.01, MinSamplesLeaf = 5 }),
        Boosting(
            "leaves-31-rate-0.1-child-weight-0.01-rows-20", new() { Leaves = 31, LearningRate = 0.1, MinChildWeight = 0.01, MinSamplesLeaf = 20 }),
        Boosting(
            "leaves-31-rate-0.1-child-weight-0.001-rows-20-l2-0-start-1",
            new() { Leaves = 31, LearningRate = 0.1, MinChildWeight = 0.001, MinSamplesLeaf = 20, L2 = 0, StartScore = 1 }),
    ];

    public static Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken) =>
        Task.Run<IReadOnlyList<BenchRow>>(() => Run(cancellationToken), cancellationToken);

    private static List<BenchRow> Run(CancellationToken cancellationToken)
    {
        List<BenchRow> rows = [];
        QualityTally tally = new();
        foreach (QualitySet set in QualitySuite.Sets(isFull: false, cancellationToken))
        {
            SideRunner runner = new(set, cancellationToken);
            runner.Add(OwnSide.Boosting);
            foreach (OwnSide variant in Variants)
            {
                runner.Add(variant);
            }

            PairedBootstrap bootstrap = runner.Compare();
            rows.AddRange(Variants.SelectMany(v => QualityRows.Compare(set, bootstrap, v.Name, OwnSide.Boosting.Name, true, tally)));
        }

        return [.. rows, .. tally.Rows()];
    }

    private static OwnSide Boosting(string name, ModelParameters parameters) => new(name, false, parameters);
}

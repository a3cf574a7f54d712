using System.Globalization;
using Relay.Training.Engines.Common.Binning;

namespace Benchmarks.Quality;

/// <summary>What bins alone decide on the official test rows of KDD Cup 99: ours and XGBoost, and XGBoost on the numbers of our bins, each
/// trained with the columns in several orders. Orders only decide between splits that gain alike, so that what they move is chance.</summary>
internal static class QualityBins
{
    private const string SetId = "kdd99-official";
    private const string Module = "xgboost";
    private const int Orders = 7;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        QualitySet? set = RealSets.Load(isFull: true, cancellationToken).FirstOrDefault(s => s.Id == SetId);
        string folder = Directory.CreateTempSubdirectory("relay-quality-").FullName;
        try
        {
            ScriptPeer? peer = await ScriptPeer.FindAsync(Module, folder, cancellationToken);
            if (set is null || peer is null)
            {
                Console.Error.WriteLine($"the rows of KDD Cup 99 and {Module} are needed");
                return [];
            }

            List<(QualityFigures Ours, QualityFigures Peer, QualityFigures PeerOnOurs)> figures = [];
            for (int order = 0; order < Orders; order++)
            {
                QualitySet ordered = Order(set, order);
                float[] ours = OwnSide.Boosting.Predict(ordered, cancellationToken);
                figures.Add((
                    Measure(set, ours),
                    Measure(set, await AskAsync(peer, ordered, folder, cancellationToken)),
                    Measure(set, await AskAsync(peer, ToBins(ordered), folder, cancellationToken))));
                Console.Error.WriteLine($"{SetId}: {order + 1} of {Orders} orders of the columns");
            }

            return
            [
                .. QualityFigures.All.Select(f => Compare($"{f.Name}.vs-{Module}", f, figures, all => all.Peer)),
                .. QualityFigures.All.Select(f => Compare($"{f.Name}.vs-{Module}-on-our-bins", f, figures, all => all.PeerOnOurs)),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static BenchRow Compare(
        string id, (string Name, bool IsHigherBetter, Func<QualityFigures, double> Value) figure,
        List<(QualityFigures Ours, QualityFigures Peer, QualityFigures PeerOnOurs)> figures,
        Func<(QualityFigures Ours, QualityFigures Peer, QualityFigures PeerOnOurs), QualityFigures> other)
    {
        double[] differences = [.. figures.Select(all => figure.Value(all.Ours) - figure.Value(other(all)))];
        double mean = differences.Average();
        double error = Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (differences.Length - 1) / differences.Length);
        string note = string.Create(
            CultureInfo.InvariantCulture,
            $"difference {mean:+0.0000;-0.0000;0.0000}, standard error {error:0.0000}, {differences.Length} orders of the columns");
        double ours = figures.Average(all => figure.Value(all.Ours));
        double theirs = figures.Average(all => figure.Value(other(all)));
        return figure.IsHigherBetter
            ? BenchRow.HigherIsBetter($"quality.bins.{id}", ours, theirs, figure.Name, note)
            : BenchRow.LowerIsBetter($"quality.bins.{id}", ours, theirs, figure.Name, note);
    }

    private static QualityFigures Measure(QualitySet set, float[] answers)
    {
        int[] once = new int[set.Tested.Length];
        once.AsSpan().Fill(1);
        return new SideScores(Array.ConvertAll(set.Tested, row => set.Labels[row]), set.Classes, answers).Measure(once);
    }

    private static async Task<float[]> AskAsync(ScriptPeer peer, QualitySet set, string folder, CancellationToken cancellationToken)
    {
        ScriptPeer.Write(set, folder);
        return (await peer.PredictAsync(set, cancellationToken))[Module];
    }

    private static QualitySet Order(QualitySet set, int order)
    {
        float[][] columns = [.. set.Columns];
        if (order > 0)
        {
            new Random(order).Shuffle(columns);
        }

        return set with { Columns = columns };
    }

    // XGBoost takes the at most 255 numbers as they are.
    private static QualitySet ToBins(QualitySet set) => set with
    {
        Columns =
        [
            .. set.Columns.Select(column =>
            {
                ColumnBins bins = ColumnBins.Fit(column.Where((_, row) => set.Fold[row] < 0).ToArray());
                return Array.ConvertAll(column, value => float.IsNaN(value) ? value : bins.Bin(value));
            }),
        ],
    };
}

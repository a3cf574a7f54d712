using System.Globalization;
using Relay.TestKit;
using Relay.Training;
using Relay.Training.Evaluation;
using Relay.Training.Gates;
using Relay.Training.Recipes;
using Relay.Training.Recipes.Reputation;
using Shared.Contracts.Addresses;
using Shared.Contracts.Models;
using Shared.Scoring;

namespace Benchmarks.Reputation;

/// <summary>Trains <c>ip-reputation</c> on the lists of shared/data and measures it on addresses that it did not learn from: by address, by network
/// and by time. There is no peer: the bounds are what the lists themselves know.</summary>
internal static class ReputationSuite
{
    private const string Newest = "ipsum-2026-08-22.txt.gz";
    private const string Older = "ipsum-2020-04-05.txt.gz";

    private static readonly Dictionary<string, string> Reasons =
        GateCatalog.All.Where(g => g.CanBeAccepted).ToDictionary(g => g.Name, _ => "measured for the guide");

    public static Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken) =>
        Task.Run(() => Run(cancellationToken), cancellationToken);

    private static IReadOnlyList<BenchRow> Run(CancellationToken cancellationToken)
    {
        if (SharedData.File($"ip-reputation/{Newest}") is not { } newest || SharedData.File($"ip-reputation/{Older}") is not { } older)
        {
            Console.Error.WriteLine("shared/data/ip-reputation is not beside the repository");
            return [];
        }

        ReputationSources sources = new()
        {
            Bad = [newest],
            Known =
            [
                .. new[] { ("resolver", "public-dns-v4"), ("amazon", "amazon-aws"), ("cloudflare", "cloudflare") }
                    .Select(k => (k.Item1, SharedData.File($"ip-reputation/{k.Item2}.json")!)),
            ],
        };
        return
        [
            .. Measure("list-2026", sources, cancellationToken),
            .. Measure("list-2026-whole-/8", sources with { HeldOutPrefix = 8 }, cancellationToken),
            .. Measure("list-2020-to-2026", sources with { Older = [older] }, cancellationToken),
            .. Measure("named-by-3-lists", sources with { MinimumCount = 3 }, cancellationToken),
        ];
    }

    private static IEnumerable<BenchRow> Measure(string name, ReputationSources sources, CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = new();
        (string train, string heldOut) = (folder.Combine("train.csv.gz"), folder.Combine("held-out.csv.gz"));
        ReputationRecipe.Write(sources, train, heldOut, cancellationToken);
        ModelSpec spec = ModelSpecParser.Parse(RecipeCatalog.Find(RecipeCatalog.IpReputation)!.ReadSpec());
        TrainedModel model = TrainingPipeline.CreateDefault().Run(
            new TrainingJob(spec, 1, new DataOrigin.Files(train, heldOut)) { Accepted = Reasons }, cancellationToken: cancellationToken);
        ManagedScorer.Load(model.Artifact, model.Card.Schema, out ManagedScorer? loaded);
        using ManagedScorer scorer = loaded!;
        ReputationLists lists = ReputationLists.Read(sources);
        IGrouping<string, ReputationRow>[] groups = [.. new ReputationRows(sources, lists).HeldOut().GroupBy(r => r.Source)];
        Dictionary<string, float[]> scores = groups.ToDictionary(g => g.Key, g => Score(scorer, [.. g.Select(r => r.Cells)]));
        float[] random = scores[ReputationRows.Public];
        HoldOut heldOutNetworks = new(sources.HeldOutPrefix);
        bool[] isInThem = [.. groups.Single(g => g.Key == ReputationRows.Public).Select(r => heldOutNetworks.HasNetworkOf(AddressOf(r)))];
        long flagged = 0;
        long found = 0;
        foreach (IGrouping<string, ReputationRow> group in groups)
        {
            float[] of = scores[group.Key];
            long hits = of.LongCount(p => p > 0.5f);
            bool isBad = group.First().Label == ReputationRow.Bad;
            (flagged, found) = (flagged + hits, found + (isBad ? hits : 0));
            yield return Row($"{name}.{group.Key}.called-bad", hits, of.Length, isBad);
            if (isBad)
            {
                // Of held-out networks nothing is known, whatever their addresses are: they are compared among themselves.
                float[] good = group.Key == ReputationRows.HeldOutNetwork ? [.. random.Where((_, i) => isInThem[i])] : random;
                yield return Area($"{name}.{group.Key}.auc", of, good);
            }
        }

        yield return Row($"{name}.called-bad.is-bad", found, flagged, higherIsBetter: true);
        float[] own = Score(scorer, [.. lists.Singles.Select(a => AddressFeatures.Extract(a))]);
        yield return Row($"{name}.own-list.forgotten", own.LongCount(p => p != 1f), own.Length, higherIsBetter: false);
        GateResult[] failed = [.. model.Card.Gates!.Where(g => g.Verdict is GateVerdict.Fail)];
        yield return BenchRow.LowerIsBetter(
            $"{name}.gates.failed", failed.Length, null, "gates",
            failed.Length == 0 ? "a version" : $"refused by {string.Join(", ", failed.Select(g => g.Name))}");
        yield return BenchRow.LowerIsBetter($"{name}.file", model.Artifact.Length / 1e6, null, "MB", $"{lists.Singles.Count} addresses looked up");
    }

    private static float[] Score(ManagedScorer scorer, string[][] rows)
    {
        float[] answers = new float[rows.Length * 2];
        scorer.Score([], [.. rows.SelectMany(r => r)], rows.Length, answers);
        return [.. Enumerable.Range(0, rows.Length).Select(row => answers[(2 * row) + 1])];
    }

    private static uint AddressOf(ReputationRow row) =>
        AddressText.ToNumber(AddressText.Parse(row.Cells[AddressFeatures.FirstLearned].Split('/')[0])!);

    private static BenchRow Row(string id, long hits, long rows, bool higherIsBetter)
    {
        if (rows == 0)
        {
            return BenchRow.HigherIsBetter(id, double.NaN, null, "%", "no row");
        }

        GateInterval interval = Proportions.Wilson(hits, rows);
        string note = string.Create(
            CultureInfo.InvariantCulture, $"{hits} of {rows}, 95% interval {100 * interval.Low:0.###} to {100 * interval.High:0.###}");
        double percent = 100.0 * hits / rows;
        return higherIsBetter ? BenchRow.HigherIsBetter(id, percent, null, "%", note) : BenchRow.LowerIsBetter(id, percent, null, "%", note);
    }

    // Against random public addresses, with the interval of Hanley and McNeil (1982).
    private static BenchRow Area(string id, float[] bad, float[] good)
    {
        double area = RocCurve.Area([.. bad, .. good], [.. bad.Select(_ => true), .. good.Select(_ => false)])!.Value;
        double q1 = area / (2 - area);
        double q2 = 2 * area * area / (1 + area);
        double variance = ((area * (1 - area)) + ((bad.Length - 1) * (q1 - (area * area))) + ((good.Length - 1) * (q2 - (area * area))))
            / ((double)bad.Length * good.Length);
        double half = Proportions.Z * Math.Sqrt(variance);
        return BenchRow.HigherIsBetter(
            id, area, null, "AUC",
            string.Create(
                CultureInfo.InvariantCulture,
                $"against {good.Length} random public addresses, 95% interval {area - half:0.###} to {area + half:0.###}"));
    }
}

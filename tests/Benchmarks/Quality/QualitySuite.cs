using System.Globalization;

namespace Benchmarks.Quality;

/// <summary>How well models of our engine predict, beside those of XGBoost, LightGBM and scikit-learn: on real sets and on sets of odd shapes,
/// five folds, paired by row.</summary>
internal static class QualitySuite
{
    private const int FullFactor = 5;
    private static readonly string[] Modules = ["xgboost", "sklearn"];

    private static readonly (OwnSide Ours, string Peer)[] Pairs =
    [
        (OwnSide.Boosting, "xgboost"),
        (OwnSide.Boosting, LightgbmSide.Default.Name),
        (OwnSide.Boosting, "sklearn"),
        (OwnSide.BoostingEqual, LightgbmSide.Equal.Name),
        (OwnSide.BoostingEqual, "sklearn-equal"),
        (OwnSide.Forest, "sklearn-forest"),
    ];

    public static Task<IReadOnlyList<BenchRow>> RunQuickAsync(CancellationToken cancellationToken) => RunAsync(false, cancellationToken);

    public static Task<IReadOnlyList<BenchRow>> RunFullAsync(CancellationToken cancellationToken) => RunAsync(true, cancellationToken);

    public static IEnumerable<QualitySet> Sets(bool isFull, CancellationToken cancellationToken) =>
        RealSets.Load(isFull, cancellationToken).Concat(new SyntheticSets(isFull ? FullFactor : 1).Make());

    private static async Task<IReadOnlyList<BenchRow>> RunAsync(bool isFull, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("relay-quality-").FullName;
        try
        {
            List<ScriptPeer> peers = await FindPeersAsync(folder, cancellationToken);
            string? noLightgbm = LightgbmLibrary.FindMissing();
            if (noLightgbm is not null)
            {
                Console.Error.WriteLine($"LightGBM does not load, its rows have no peer: {noLightgbm}");
            }

            QualityTally tally = new();
            List<BenchRow> rows = [];
            foreach (QualitySet set in Sets(isFull, cancellationToken))
            {
                ScriptPeer.Write(set, folder);
                SideRunner runner = new(set, cancellationToken);
                foreach (OwnSide own in Pairs.Select(pair => pair.Ours).Distinct())
                {
                    runner.Add(own);
                }

                await runner.AddAsync(noLightgbm is null ? [LightgbmSide.Default, LightgbmSide.Equal] : [], peers);
                PairedBootstrap bootstrap = runner.Compare();
                rows.AddRange(Pairs.SelectMany(pair => QualityRows.Compare(set, bootstrap, pair.Ours.Name, pair.Peer, runner.Has(pair.Peer), tally)));
            }

            return [.. rows, .. tally.Rows()];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<List<ScriptPeer>> FindPeersAsync(string folder, CancellationToken cancellationToken)
    {
        List<ScriptPeer> peers = [];
        foreach (string module in Modules)
        {
            if (await ScriptPeer.FindAsync(module, folder, cancellationToken) is { } peer)
            {
                peers.Add(peer);
            }
            else
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{module} is not installed: its rows have no peer"));
            }
        }

        return peers;
    }
}

using System.Diagnostics;

namespace Benchmarks.Quality;

/// <summary>Trains sides on one set and keeps their answers.</summary>
internal sealed class SideRunner(QualitySet set, CancellationToken cancellationToken)
{
    private readonly int[] _labels = Array.ConvertAll(set.Tested, row => set.Labels[row]);
    private readonly Dictionary<string, SideScores> _sides = [];

    public bool Has(string side) => _sides.ContainsKey(side);

    public void Add(OwnSide side) => Add(side.Name, () => side.Predict(set, cancellationToken));

    /// <summary>Peers run beside each other, each on one thread.</summary>
    public async Task AddAsync(IEnumerable<LightgbmSide> sides, IEnumerable<ScriptPeer> peers)
    {
        Task<IReadOnlyDictionary<string, float[]>>[] running =
        [
            .. peers.Select(peer => peer.PredictAsync(set, cancellationToken)),
            Task.Run(() => (IReadOnlyDictionary<string, float[]>)sides.ToDictionary(side => side.Name, side => side.Predict(set, cancellationToken))),
        ];
        long start = Stopwatch.GetTimestamp();
        foreach (IReadOnlyDictionary<string, float[]> answers in await Task.WhenAll(running))
        {
            foreach ((string side, float[] own) in answers)
            {
                Keep(side, own, start);
            }
        }
    }

    public PairedBootstrap Compare() => new(_sides, _labels.Length, cancellationToken);

    private void Add(string side, Func<float[]> predict)
    {
        long start = Stopwatch.GetTimestamp();
        Keep(side, predict(), start);
    }

    private void Keep(string side, float[] answers, long start)
    {
        _sides.Add(side, new SideScores(_labels, set.Classes, answers));
        Console.Error.WriteLine($"{set.Id} {side}: {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
    }
}

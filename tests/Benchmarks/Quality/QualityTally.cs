using System.Globalization;

namespace Benchmarks.Quality;

/// <summary>On how many sets one side is better, level or worse than another.</summary>
internal sealed class QualityTally
{
    private readonly Dictionary<(string Ours, string Peer, string Figure), int[]> _counts = [];

    public void Add(string ours, string peer, string figure, Verdict verdict)
    {
        if (!_counts.TryGetValue((ours, peer, figure), out int[]? counts))
        {
            counts = _counts[(ours, peer, figure)] = new int[Enum.GetValues<Verdict>().Length];
        }

        counts[(int)verdict]++;
    }

    public IEnumerable<BenchRow> Rows() => _counts.Select(pair => BenchRow.HigherIsBetter(
        $"quality.all.{pair.Key.Ours}.{pair.Key.Figure}.vs-{pair.Key.Peer}", pair.Value[(int)Verdict.Better], pair.Value[(int)Verdict.Worse], "sets",
        string.Create(
            CultureInfo.InvariantCulture,
            $"better on {pair.Value[(int)Verdict.Better]}, level on {pair.Value[(int)Verdict.Level]}, worse on {pair.Value[(int)Verdict.Worse]}"))
        with
    { Ratio = null });
}

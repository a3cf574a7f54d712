namespace ProtectedSite.Scoring;

/// <summary>The last verdicts, for the page that shows them.</summary>
internal sealed class VerdictLog
{
    private const int Capacity = 40;
    private readonly Lock _gate = new();
    private readonly LinkedList<Verdict> _recent = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Verdict> Recent
    {
        get
        {
            lock (_gate)
            {
                return [.. _recent];
            }
        }
    }

    public void Add(Verdict verdict)
    {
        lock (_gate)
        {
            _recent.AddFirst(verdict);
            if (_recent.Count > Capacity)
            {
                _recent.RemoveLast();
            }
        }
    }
}

/// <param name="Label">The class that the model gave.</param>
/// <param name="Version">The version that gave it.</param>
internal sealed record Verdict(
    DateTimeOffset At, string Client, string Method, string Target, string Label, bool Benign, double Probability, int Version);

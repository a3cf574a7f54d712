namespace Sync.Client;

/// <summary>Runs a new version beside the one that answers before it takes its place: its answers to real calls are compared and given to
/// nobody. Where inputs, classes or task differ nothing can be compared, and the version is switched to at once, as is a first version or
/// one that the node is pinned to.</summary>
public sealed class ShadowOptions
{
    /// <summary>Calls to compare. Callers only leave a copy of the row, and only while there is room; of a batch, its first row.
    /// Default 1,000.</summary>
    public int Calls { get; set; } = 1000;

    /// <summary>Largest share of these calls, from 0 to 1, that may be answered otherwise. Above it the version is refused, and stays in
    /// quarantine until an operator lifts it. Default 0.02.</summary>
    public double MostDisagreement { get; set; } = 0.02;

    /// <summary>For models that give no label: values further apart than this disagree. Default: none do, the difference is only
    /// reported.</summary>
    public double ValueTolerance { get; set; } = double.PositiveInfinity;

    /// <summary>Time after which the calls that came decide, also when there was none. Default 10 minutes.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromMinutes(10);
}

namespace Sync.Client;

/// <summary>Options of a shadow trial: a new version runs beside the active one and its answers to real calls are only compared, before it
/// becomes active. Inputs and classes are compared by name, whatever their order. Where the new version has an input that the rows of the active
/// one lack, or another task, nothing can be compared: a version that the app accepts all the same becomes active at once, as do a first
/// version and a pinned one.</summary>
public sealed class ShadowOptions
{
    /// <summary>Number of calls to compare. A call only copies its row, and only while there is room; a batch copies its first row.
    /// Default 1,000.</summary>
    public int Calls { get; set; } = 1000;

    /// <summary>Maximum fraction of these calls, from 0 to 1, with another answer. Above it the version is refused, and stays in quarantine
    /// until an operator lifts it. Default 0.02.</summary>
    public double MaxDisagreement { get; set; } = 0.02;

    /// <summary>Maximum difference of two values that agree, for models without labels, in the unit of the output. Default infinity: the
    /// difference is only reported.</summary>
    public double ValueTolerance { get; set; } = double.PositiveInfinity;

    /// <summary>Time after which the calls so far decide, even if there was none. Default 10 minutes.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMinutes(10);
}

namespace Sync.Client;

/// <summary>What an app lets a node send to the datasets of its relay. A row is sent where three agree: these options, the signed file of the
/// active version, which names the columns, and the dataset.</summary>
public sealed class SampleOptions
{
    /// <summary>The fraction of the recorded rows that are kept, drawn at random. Above 0, at most 1. Default 1.</summary>
    public double Fraction { get; set; } = 1;

    /// <summary>The number of rows and labels of one dataset that wait for the relay, in memory and in the store, at most; further ones, and those
    /// beyond 16 MiB, are dropped and counted. Default 10,000.</summary>
    public int MaxPending { get; set; } = 10_000;

    /// <summary>Time between two sendings. What was recorded since the last one is in memory alone, and a kill loses it; the end of a process writes
    /// it to the store. Default 1 minute.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);
}

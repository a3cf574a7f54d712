namespace Relay.Training.Data.Streaming;

/// <summary>A column reader of the first pass over training rows.</summary>
internal interface ISummarizer
{
    /// <summary>What the last cell adds to the fingerprint of its row.</summary>
    ulong LastCell { get; }
}

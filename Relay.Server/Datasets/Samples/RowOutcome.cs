using Shared.Contracts.Api;

namespace Relay.Server.Datasets.Samples;

/// <summary>What became of a row.</summary>
/// <param name="Refusal">Null where it was accepted or is there already.</param>
internal readonly record struct RowOutcome(bool IsNew, SampleFaultReason? Refusal = null, string? Detail = null)
{
    public static readonly RowOutcome Duplicate = new(IsNew: false);
    public static readonly RowOutcome Accepted = new(IsNew: true);

    /// <summary>The label differs from an earlier one of the sample.</summary>
    public bool IsConflict { get; init; }

    /// <summary>The label is of a sample that is not there.</summary>
    public bool IsWaiting { get; init; }

    public static RowOutcome Refused(SampleFaultReason reason, string detail) => new(IsNew: false, reason, detail);
}

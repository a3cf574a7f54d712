using Relay.Server.Repository.Explaining;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.History.Trust;

/// <summary>Why a node ran what it reported, as far as signed documents say it.</summary>
internal sealed record Belief
{
    public NodeBeliefCause Cause { get; init; } = NodeBeliefCause.Unknown;

    /// <summary>In one line.</summary>
    public required string Detail { get; init; }

    /// <summary>The candidate that the node ran; null where it ran none.</summary>
    public ReleaseCandidate? Candidate { get; init; }

    /// <summary>Each link of the chain, in order.</summary>
    public IReadOnlyList<ExplanationStep> Steps { get; init; } = [];

    public IReadOnlyList<PastFile> Files { get; init; } = [];
}

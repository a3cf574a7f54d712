using Relay.Server.Signing.Evidence;
using Shared.Contracts.Releases;

namespace Relay.Server.Repository.Publishing;

/// <summary>Model versions to release together.</summary>
/// <param name="Channel">The channel whose nodes get them. The other models of its present release come along unchanged.</param>
/// <param name="Percentage">Null for all nodes at once. Else 0 to 100: the new release becomes the channel's candidate for so many.
/// A channel without a release yet takes the new one as its release in any case.</param>
public sealed record PublishRequest(IReadOnlyList<SignedArtifact> Artifacts, string Channel, double? Percentage = null)
{
    /// <summary>Names of models of the channel's release that do not come along.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>True to publish although inputs, classes or task of a model differ from what the channel runs.</summary>
    public bool AcceptsSchemaChange { get; init; }

    /// <summary>The id of the API key that asks; null where there is none.</summary>
    public string? ProposedBy { get; init; }

    /// <summary>The rollout that asks; null for anyone else.</summary>
    internal ChannelReservation? Reservation { get; init; }
}

/// <summary>One model file and its detached CMS signature.</summary>
public sealed record SignedArtifact(string Model, int Version, ReadOnlyMemory<byte> Content, ReadOnlyMemory<byte> Signature)
{
    /// <summary>What is published beside it, once, with the version.</summary>
    public IReadOnlyList<EvidenceFile> Evidence { get; init; } = [];
}

/// <summary>What a request to publish led to.</summary>
/// <param name="Release">The release; nodes see it once <paramref name="Pending"/> is signed.</param>
/// <param name="Pending">Null when it is current; else the id under which it waits for signatures.</param>
public sealed record Publication(ReleaseManifest Release, string? Pending);

/// <summary>What a change of the policy led to.</summary>
/// <param name="Pending">Null when it is current; else the id under which it waits for signatures.</param>
public sealed record PolicyPublication(string? Pending);

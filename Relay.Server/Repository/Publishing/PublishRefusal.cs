using Shared.Contracts.Api;

namespace Relay.Server.Repository.Publishing;

/// <summary>Why nothing was published.</summary>
/// <param name="Detail">One sentence for the operator; programs read <paramref name="Reason"/>.</param>
public sealed record PublishRefusal(PublishRefusalReason Reason, string Detail)
{
    /// <summary>The models whose schema would change, of <see cref="PublishRefusalReason.SchemaChange"/>; else empty.</summary>
    public IReadOnlyList<SchemaChange> SchemaChanges { get; init; } = [];

    /// <summary>The name of the model, of <see cref="PublishRefusalReason.ModelArchived"/>.</summary>
    public string? Model { get; init; }

    /// <summary>The id of the rollout, of <see cref="PublishRefusalReason.RolloutRunning"/>.</summary>
    public long? Rollout { get; init; }
}

/// <summary>All reasons for which the relay refuses to publish.</summary>
public enum PublishRefusalReason
{
    /// <summary>The version was published with other bytes.</summary>
    VersionExists,

    /// <summary>The policy revokes an artifact that would be in the release.</summary>
    ArtifactRevoked,

    UnknownRelease,

    /// <summary>A version that was not published before was deleted meanwhile.</summary>
    VersionDeleted,

    /// <summary>No model would be left.</summary>
    EmptyRelease,

    UnknownChannel,

    /// <summary>A model of the release is archived.</summary>
    ModelArchived,

    /// <summary>A publication that waits for signatures would make the channel again.</summary>
    ChannelAwaited,

    /// <summary>The policy forbids releases below a number, and this is one.</summary>
    ReleaseBelowMinimum,

    /// <summary>Nodes would refuse the artifact's signature: they do not pin its root or its time-stamp authority.</summary>
    SignatureNotAccepted,

    /// <summary>Inputs, classes or task of a model differ from what the channel runs, and the request does not say that they may.</summary>
    SchemaChange,

    /// <summary>A rollout steers the channel, and this change is not one of it.</summary>
    RolloutRunning,

    /// <summary>The rollout that asks is over, or its channel runs another release than the rollout began with.</summary>
    RolloutOver,

    /// <summary>The key or the time-stamp authority cannot be reached; a later try may succeed.</summary>
    SigningUnavailable,
}

namespace Shared.Contracts.Api;

/// <summary>The names of the events that webhooks receive. Programs read them: they never change.</summary>
public static class WebhookEvents
{
    public const string ModelArchived = "model.archived";
    public const string ModelRestored = "model.restored";
    public const string VersionCreated = "model_version.created";
    public const string VersionDeleted = "model_version.deleted";
    public const string VersionRevoked = "model_version.revoked";
    public const string VersionTagSet = "model_version_tag.set";
    public const string VersionTagDeleted = "model_version_tag.deleted";
    public const string VersionAliasCreated = "model_version_alias.created";
    public const string VersionAliasDeleted = "model_version_alias.deleted";
    public const string ChannelReleased = "channel.released";
    public const string ChannelDeleted = "channel.deleted";
    public const string TrainingRunFailed = "training_run.failed";
    public const string RolloutStarted = "rollout.started";
    public const string RolloutHalted = "rollout.halted";
    public const string RolloutCompleted = "rollout.completed";

    /// <summary>A publication waits for signatures.</summary>
    public const string PublicationPending = "publication.pending";

    /// <summary>The metadata of a role or a certificate expires before long, or has expired.</summary>
    public const string KeyDue = "key.due";
    public const string NodeBanned = "node.banned";

    /// <summary>What POST /v1/webhooks/{id}/test sends; no webhook subscribes to it.</summary>
    public const string Test = "webhook.test";

    /// <summary>The names that a webhook may subscribe to.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        ModelArchived, ModelRestored, VersionCreated, VersionDeleted, VersionRevoked, VersionTagSet, VersionTagDeleted, VersionAliasCreated,
        VersionAliasDeleted,
        ChannelReleased, ChannelDeleted, TrainingRunFailed, RolloutStarted, RolloutHalted, RolloutCompleted, PublicationPending, KeyDue, NodeBanned,
    ];
}

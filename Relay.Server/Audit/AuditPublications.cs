using System.Globalization;
using Relay.Server.Repository;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Audit;

/// <summary>Enters what this process made current in the repository. A renewal alone, which says nothing new, is not entered.</summary>
internal sealed partial class AuditPublications(TufRepository repository, AuditLog audit, ILogger<AuditPublications> log) : IHostedService
{
    private const string Action = "publication";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        repository.Committer.Committed += Enter;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        repository.Committer.Committed -= Enter;
        return Task.CompletedTask;
    }

    private void Enter(RepositoryChange change)
    {
        if (!change.RootChanged && change.ChannelKeys is null && change.Content.Count == 0 && change.ChangedChannels.Count == 0
            && change.RemovedChannels.Count == 0)
        {
            return;
        }

        try
        {
            string actor = change.ProposedBy is { } key ? AuditRecord.ActorOfKey(key) : AuditRecord.Relay;
            audit.Append(new(AuditEntry.Event, actor, Action, Subject(change)) { Details = Describe(change) });
        }
        catch (Exception failed)
        {
            LogNotEntered(failed);
        }
    }

    private static string Subject(RepositoryChange change) =>
        change.RootChanged ? "root"
        : change.ChannelKeys is not null ? "keys of the role channels"
        : change.RemovedChannels.Count > 0 ? $"channel {string.Join(", ", change.RemovedChannels)} deleted"
        : change.ChangedChannels.Count > 0 ? $"channel {string.Join(", ", change.ChangedChannels.Select(channel => channel.Channel))}"
        : "targets";

    private static SortedDictionary<string, string> Describe(RepositoryChange change)
    {
        SortedDictionary<string, string> details = new(StringComparer.Ordinal);
        foreach (ChannelManifest channel in change.ChangedChannels)
        {
            details[$"channel {channel.Channel}"] = string.Create(CultureInfo.InvariantCulture, $"release {channel.Release}");
        }

        foreach ((TargetFile file, _) in change.Content)
        {
            details[file.Path] = $"sha256 {file.Hashes.Sha256}";
        }

        if (change.UnlistedReleases is { Count: > 0 } unlisted)
        {
            details["unlisted"] = $"release {string.Join(", ", unlisted)}";
        }

        return details;
    }

    [LoggerMessage(1032, LogLevel.Error, "A publication cannot be entered into the audit log; the signed metadata has it")]
    private partial void LogNotEntered(Exception exception);
}

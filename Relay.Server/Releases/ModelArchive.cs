using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Problems;
using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Shared.Contracts.Releases;

namespace Relay.Server.Releases;

/// <summary>Archives a model that no channel names. It holds the repository meanwhile, as a publication does: one of the two sees the
/// other.</summary>
internal sealed class ModelArchive(TufRepository repository, ModelStore models)
{
    /// <param name="by">The id of an API key.</param>
    /// <returns>Null when the model is archived; else why nothing was changed.</returns>
    public async Task<ProblemHttpResult?> ArchiveAsync(string model, string? by, CancellationToken cancellationToken)
    {
        using RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken);
        RepositorySnapshot snapshot = transaction.Read();
        string[] channels = [.. FindChannels(model, snapshot).Distinct().Order(StringComparer.Ordinal)];
        return channels.Length > 0 ? ModelProblems.InChannels(model, channels)
            : models.TryArchive(model, by) switch
            {
                null => ModelProblems.UnknownModel(model),
                { Count: > 0 } runs => ModelProblems.RunsUnfinished(model, runs),
                _ => null,
            };
    }

    private IEnumerable<string> FindChannels(string model, RepositorySnapshot snapshot)
    {
        IEnumerable<ChannelManifest> current = snapshot.Channels.Values;
        foreach (ChannelManifest channel in current.Where(channel => Names(channel, snapshot.Releases.GetValueOrDefault)))
        {
            yield return channel.Channel;
        }

        foreach (PendingPublication pending in repository.Pending.List(snapshot))
        {
            Dictionary<int, ReleaseManifest> added = pending.Releases.ToDictionary(release => release.Number);
            foreach (ChannelManifest channel in pending.Channels.Where(
                channel => Names(channel, number => added.GetValueOrDefault(number) ?? snapshot.Releases.GetValueOrDefault(number))))
            {
                yield return channel.Channel;
            }
        }

        bool Names(ChannelManifest channel, Func<int, ReleaseManifest?> find) =>
            new[] { channel.Release, channel.Candidate?.Release ?? channel.Release }
                .Any(number => find(number)?.Models.Any(named => named.Name == model) == true);
    }
}

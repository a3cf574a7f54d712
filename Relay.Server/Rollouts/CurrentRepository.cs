using System.Security.Cryptography;
using Relay.Server.Storage;
using Relay.Server.Trust;
using Shared.Contracts.Trust;

namespace Relay.Server.Rollouts;

/// <summary>What the signed repository says now. Reading it verifies every signature, so the result is kept until
/// <c>timestamp.json</c> changes, whoever changed it.</summary>
internal sealed class CurrentRepository(RepositoryPublisher publisher, DataFolder folder)
{
    private readonly string _timestamp = Path.Combine(folder.Repository, "metadata", MetadataPaths.Timestamp);
    private readonly Lock _gate = new();
    private (string Digest, RepositoryState State)? _kept;

    public RepositoryState Read()
    {
        lock (_gate)
        {
            string digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_timestamp)));
            if (_kept is { } kept && kept.Digest == digest)
            {
                return kept.State;
            }

            RepositoryState state = publisher.Read();
            _kept = (digest, state);
            return state;
        }
    }

    /// <summary>The models of the release that a channel runs; empty before its first.</summary>
    public IReadOnlyList<ReleasedModel> ModelsOf(string channel)
    {
        RepositoryState state = Read();
        return state.Channels.TryGetValue(channel, out ChannelManifest? manifest) ? state.Releases[manifest.Release].Models : [];
    }
}

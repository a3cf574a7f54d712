using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Storage;
using Shared.Contracts.Cms;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>The current snapshot of the repository. Reading one verifies every signature, so it is cached until
/// <c>timestamp.json</c> changes, whichever process changed it.</summary>
/// <param name="log">Where it says that the repository cannot be read; null: nowhere.</param>
internal sealed partial class RepositoryCache(TufRepository repository, DataFolder folder, ILogger<RepositoryCache>? log = null)
{
    // To verify what is damaged takes as long as to verify what is not, and each report of a node would ask for it.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly string _timestamp = Path.Combine(folder.Repository, "metadata", MetadataPaths.Timestamp);
    private readonly Lock _gate = new();
    private (string Digest, RepositorySnapshot Snapshot)? _cached;
    private long? _failedAt;

    public RepositorySnapshot Read()
    {
        lock (_gate)
        {
            string digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_timestamp)));
            if (_cached is { } cached && cached.Digest == digest)
            {
                return cached.Snapshot;
            }

            RepositorySnapshot snapshot = repository.Read();
            _cached = (digest, snapshot);
            return snapshot;
        }
    }

    /// <summary>The current snapshot; where the repository cannot be read, the last one that could, or null before the first. For what does not
    /// change, such as the models of a release, and for counts that must not stop.</summary>
    public RepositorySnapshot? ReadOrLast()
    {
        lock (_gate)
        {
            if (_failedAt is { } failedAt && repository.TimeProvider.GetElapsedTime(failedAt) < RetryAfter)
            {
                return _cached?.Snapshot;
            }

            bool hasFailed = _failedAt is not null;
            try
            {
                RepositorySnapshot snapshot = Read();
                _failedAt = null;
                if (hasFailed && log is not null)
                {
                    LogReadable(log);
                }

                return snapshot;
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                _failedAt = repository.TimeProvider.GetTimestamp();
                if (!hasFailed && log is not null)
                {
                    LogUnreadable(log, e);
                }

                return _cached?.Snapshot;
            }
        }
    }

    /// <summary>The certificates in a target that nodes pin; none where the repository has no such target.</summary>
    /// <param name="target"><see cref="TargetPaths.Anchors"/> or <see cref="TargetPaths.TimestampAnchors"/>.</param>
    public X509Certificate2Collection Anchors(string target)
    {
        if (!Read().Targets.Files.TryGetValue(target, out TargetFile? file))
        {
            return [];
        }

        byte[] pem = File.ReadAllBytes(Path.Combine(folder.Repository, "targets", file.ConsistentPath));
        return file.Check(pem) is null && TrustAnchors.Read(pem, target).Value is { } anchors
            ? anchors
            : throw new InvalidDataException($"The repository's '{target}' is damaged.");
    }

    /// <summary>The highest version of a model that was ever listed here; 0 before the first.</summary>
    public int HighestVersionOf(string model) => Read().Targets.Files.Values
        .Where(file => file.Label?.Model == model)
        .Select(file => file.Label!.Version)
        .DefaultIfEmpty(0)
        .Max();

    /// <summary>The models of the release that a channel runs; empty before its first.</summary>
    public IReadOnlyList<ReleasedModel> ModelsOf(string channel)
    {
        RepositorySnapshot snapshot = Read();
        return snapshot.Channels.TryGetValue(channel, out ChannelManifest? manifest) ? snapshot.Releases[manifest.Release].Models : [];
    }

    [LoggerMessage(
        1410, LogLevel.Error,
        "The repository cannot be read. Reports of nodes are stored, and counted by the last state that could be read; nothing is published")]
    private static partial void LogUnreadable(ILogger log, Exception exception);

    [LoggerMessage(1411, LogLevel.Information, "The repository can be read again")]
    private static partial void LogReadable(ILogger log);
}

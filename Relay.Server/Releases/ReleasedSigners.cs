using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Releases;

/// <summary>The expiry of the signer certificates of what channels run: until then, new nodes accept it. A model that stays in new
/// releases keeps its first signature, and with it the expiry of that signer's certificate.</summary>
internal sealed class ReleasedSigners(RepositoryCache repository, DataFolder folder)
{
    private readonly Lock _gate = new();
    private (RepositorySnapshot Snapshot, DateTimeOffset? Earliest)? _kept;

    /// <summary>The earliest expiry of a certificate; null when nothing that can expire is released. A signature with a time stamp
    /// stays valid where nodes pin time-stamp authorities.</summary>
    public DateTimeOffset? EarliestEnd()
    {
        RepositorySnapshot snapshot = repository.Read();
        lock (_gate)
        {
            if (_kept is not { } kept || !ReferenceEquals(kept.Snapshot, snapshot))
            {
                _kept = kept = (snapshot, Read(snapshot));
            }

            return kept.Earliest;
        }
    }

    private DateTimeOffset? Read(RepositorySnapshot snapshot)
    {
        bool stampsCount = snapshot.Targets.Files.ContainsKey(TargetPaths.TimestampAnchors);
        return snapshot.Channels.Values
            .SelectMany(channel => new[] { channel.Release, channel.Candidate?.Release ?? channel.Release })
            .Distinct()
            .SelectMany(release => snapshot.Releases[release].Models)
            .Select(model => model.SignaturePath)
            .Distinct(StringComparer.Ordinal)
            .SelectMany(path => SignersOf(snapshot.Targets.Files[path]))
            .Where(signer => !stampsCount || signer.UnsignedAttributes.Count == 0)
            .Select(signer => (DateTimeOffset?)EndOf(signer.Certificate!))
            .Min();
    }

    private SignerInfo[] SignersOf(TargetFile file)
    {
        byte[] signature = File.ReadAllBytes(Path.Combine(folder.Repository, RepositoryFiles.TargetsFolder, file.ConsistentPath));
        if (file.Check(signature) is not null)
        {
            throw new InvalidDataException($"The repository's '{file.Path}' is damaged.");
        }

        SignedCms cms = new();
        cms.Decode(signature);
        return [.. cms.SignerInfos];
    }

    private static DateTimeOffset EndOf(X509Certificate2 certificate) => new DateTimeOffset(certificate.NotAfter).ToUniversalTime();
}

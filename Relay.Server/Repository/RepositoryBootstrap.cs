using System.Security.Cryptography.X509Certificates;
using System.Text;
using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>What every repository lists from the start: the anchors of model signatures, and a policy that forbids nothing yet.</summary>
internal static class RepositoryBootstrap
{
    public static void AddInitialTargets(RepositoryChange change, X509Certificate2Collection cmsRoots)
    {
        change.SetTarget(TargetPaths.Anchors, EncodeAnchors(cmsRoots));
        change.SetTarget(TargetPaths.Policy, new TrustPolicy(0, []).ToJson());
    }

    /// <summary>The target <see cref="TargetPaths.Anchors"/>.</summary>
    public static byte[] EncodeAnchors(X509Certificate2Collection roots) =>
        Encoding.ASCII.GetBytes(string.Concat(roots.Select(root => root.ExportCertificatePem() + "\n")));

    /// <summary>Takes the root and targets that the ceremony signed, so that the relay's keys do not sign them.</summary>
    /// <exception cref="InvalidDataException">Too few have signed, or they have signed other files.</exception>
    public static void AdoptCeremony(RepositoryChange change, CeremonyMetadata ceremony)
    {
        (UntrustedMetadata root, UntrustedMetadata targets) = Read(ceremony);
        RoleAssignments assignments = ReadAssignments(ceremony);
        if (!assignments.Root.ReachesThreshold(root) || !assignments.Targets.ReachesThreshold(targets))
        {
            throw new InvalidDataException("Too few keys have signed the ceremony's root or targets.");
        }

        if (assignments.FindKeyError() is { } key)
        {
            throw new InvalidDataException(key);
        }

        IReadOnlyDictionary<string, TargetFile> listed = ((TargetsMetadata)targets.Metadata).Files;
        if (!change.Targets.ToHashSet().SetEquals(listed.Values.Select(file => file.WithSha256Alone())))
        {
            throw new InvalidDataException("The ceremony's targets do not list the CMS root of this key folder.");
        }

        // By each hash that the ceremony listed: those of earlier versions listed SHA-512 as well.
        foreach ((TargetFile file, ReadOnlyMemory<byte> content) in change.Content.ToArray())
        {
            change.SetTarget(listed[file.Path], content);
        }

        change.SignedRoot = new(root.Metadata.Version, ceremony.Root);
        change.SignedTargets = new(targets.Metadata.Version, ceremony.Targets);
    }

    /// <exception cref="InvalidDataException">The ceremony's files are not metadata.</exception>
    public static RoleAssignments ReadAssignments(CeremonyMetadata ceremony)
    {
        (UntrustedMetadata root, UntrustedMetadata targets) = Read(ceremony);
        return RoleAssignments.FromMetadata((RootMetadata)root.Metadata, (TargetsMetadata)targets.Metadata);
    }

    private static (UntrustedMetadata Root, UntrustedMetadata Targets) Read(CeremonyMetadata ceremony)
    {
        UntrustedMetadata root = Read(ceremony.Root);
        UntrustedMetadata targets = Read(ceremony.Targets);
        return root.Type == RoleNames.Root && targets.Type == RoleNames.Targets
            ? (root, targets)
            : throw new InvalidDataException("The ceremony's metadata is not of root and targets.");
    }

    private static UntrustedMetadata Read(byte[] file)
    {
        Result<UntrustedMetadata> metadata = UntrustedMetadata.Read(file);
        return metadata.Value ?? throw new InvalidDataException($"The ceremony's metadata cannot be read: {metadata.Refusal!.Detail}.");
    }
}

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
    public static void AddTo(RepositoryChange draft, X509Certificate2Collection cmsRoots)
    {
        draft.SetTarget(TargetPaths.Anchors, AnchorsOf(cmsRoots));
        draft.SetTarget(TargetPaths.Policy, new TrustPolicy(0, []).ToJson());
    }

    /// <summary>The target <see cref="TargetPaths.Anchors"/>.</summary>
    public static byte[] AnchorsOf(X509Certificate2Collection roots) =>
        Encoding.ASCII.GetBytes(string.Concat(roots.Select(root => root.ExportCertificatePem() + "\n")));

    /// <summary>Takes what the ceremony signed in place of signatures of the relay's own.</summary>
    /// <exception cref="InvalidDataException">Too few have signed, or they have signed other files.</exception>
    public static void Adopt(RepositoryChange draft, CeremonyMetadata first)
    {
        (UntrustedMetadata root, UntrustedMetadata targets) = Read(first);
        RoleAssignments layout = LayoutOf(first);
        if (!layout.Root.IsMetBy(root) || !layout.Targets.IsMetBy(targets))
        {
            throw new InvalidDataException("Too few keys have signed the ceremony's root or targets.");
        }

        IReadOnlyDictionary<string, TargetFile> listed = ((TargetsMetadata)targets.Metadata).Files;
        if (!draft.Targets.ToHashSet().SetEquals(listed.Values))
        {
            throw new InvalidDataException("The ceremony's targets do not list the CMS root of this key folder.");
        }

        draft.SignedRoot = new(root.Metadata.Version, first.Root);
        draft.SignedTargets = new(targets.Metadata.Version, first.Targets);
    }

    /// <exception cref="InvalidDataException">The ceremony's files are not metadata.</exception>
    public static RoleAssignments LayoutOf(CeremonyMetadata first)
    {
        (UntrustedMetadata root, UntrustedMetadata targets) = Read(first);
        return RoleAssignments.Of((RootMetadata)root.Metadata, (TargetsMetadata)targets.Metadata);
    }

    private static (UntrustedMetadata Root, UntrustedMetadata Targets) Read(CeremonyMetadata first)
    {
        UntrustedMetadata root = Read(first.Root);
        UntrustedMetadata targets = Read(first.Targets);
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

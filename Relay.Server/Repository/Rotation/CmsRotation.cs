using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Keys;
using Relay.Server.Keys.Signers;
using Relay.Server.Repository.Publishing;
using Relay.Server.Signing;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Repository.Rotation;

/// <summary>
/// Replaces the key that signs models, and the root above it. A new root is pinned beside the old one first, so that nodes keep
/// accepting what is released; the old one is dropped when all that channels point to is signed under the new one. A node that was
/// offline meanwhile finds the newest roots and a release under them, and needs nothing in between.
/// </summary>
internal sealed class CmsRotation(PolicyPublisher policy, string keysFolder, TimeProvider timeProvider, DurableFiles files)
{
    public const string SignerRole = "cms-signer";
    public const string RootRole = "cms-root";

    /// <returns>Null when there is a new signer; else why there is none: the root's key, or the signer's, is not here.</returns>
    public RotationRefusal? RotateSigner()
    {
        if (!CmsKeyFolder.HoldsSigner(keysFolder) || !CmsKeyFolder.HoldsRootKey(keysFolder))
        {
            return new(
                RotationRefusalReason.NotPossible,
                "The key of the signer or that of the CMS root lies elsewhere: issue a certificate there by 'relay issue-signer'.");
        }

        CmsKeyFolder.IssueSigner(keysFolder, timeProvider.GetUtcNow(), files);
        return null;
    }

    /// <summary>Gives nodes one root more to pin, under which models are signed from now on.</summary>
    /// <param name="from">A folder with a <c>cms-root.pem</c> that was made elsewhere, and with its <c>cms-signer.pem</c> where the relay
    /// shall hold the signer; null: both are made here.</param>
    public async Task<Result<PolicyPublication, RotationRefusal>> RotateRootAsync(string? from, CancellationToken cancellationToken)
    {
        if (from is not null)
        {
            if (CheckUsable(from) is { } refusal)
            {
                return refusal;
            }

            CmsKeyFolder.RotateRoot(keysFolder, from, files);
        }
        else if (CmsKeyFolder.HoldsRootKey(keysFolder))
        {
            CmsKeyFolder.RotateRoot(keysFolder, timeProvider.GetUtcNow(), files);
        }
        else
        {
            return new RotationRefusal(
                RotationRefusalReason.PublicKeyNeeded,
                "The key of the CMS root is offline, and so must the new one be: make it there by 'relay keys create-cms FOLDER', bring "
                + "cms-root.pem and cms-signer.pem here, and name their folder by --from.");
        }

        return new PolicyPublication(await policy.PinAnchorsAsync(cancellationToken));
    }

    /// <summary>Gives nodes the newest root only to pin; refused while a channel points to a model that is not signed under it.</summary>
    public async Task<Result<PolicyPublication, RotationRefusal>> FinishRootAsync(CancellationToken cancellationToken)
    {
        using X509Certificate2 newest = CmsKeyFolder.ReadRoot(keysFolder);
        if (policy.FindModelsNotUnder([newest]) is { Count: > 0 } models)
        {
            return new RotationRefusal(
                RotationRefusalReason.StillInUse,
                $"Nodes would refuse what channels point to: {string.Join(", ", models)}. Train and publish new versions first, which are signed "
                + "under the new root.");
        }

        CmsKeyFolder.DropOldRoots(keysFolder, files);
        return new PolicyPublication(await policy.PinAnchorsAsync(cancellationToken));
    }

    private RotationRefusal? CheckUsable(string from)
    {
        try
        {
            using X509Certificate2 root = CmsKeyFolder.ReadRoot(from);
            if (CmsKeyFolder.ReadRoots(keysFolder).Any(known => known.RawDataMemory.Span.SequenceEqual(root.RawDataMemory.Span)))
            {
                return new(RotationRefusalReason.AlreadyListed, "That root is in the key folder already.");
            }

            using X509Certificate2? signer = CmsKeyFolder.ReadSigner(from);
            using SigningKeys made = new(new Dictionary<string, IReadOnlyList<RoleSigner>>(), [root], signer, null);
            return signer is not null && new ArtifactSigner(made, timeProvider).FindRefusal([root]) is { } refusal
                ? new(RotationRefusalReason.Refused, $"Nodes would refuse what the signer signs: {refusal.Detail}.", refusal)
                : null;
        }
        catch (Exception unreadable) when (unreadable is FileNotFoundException or DirectoryNotFoundException
            or (CryptographicException and not SigningException) or ArgumentException)
        {
            return new(RotationRefusalReason.NotPossible, $"There is no CMS root to take in '{from}': {unreadable.Message}");
        }
    }
}

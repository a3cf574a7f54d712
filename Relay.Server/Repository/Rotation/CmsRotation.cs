using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Keys;
using Relay.Server.Signing;
using Relay.Server.Storage;

namespace Relay.Server.Repository.Rotation;

/// <summary>
/// Replaces the key that signs models, and the root above it. A new root is pinned beside the old one first, so that what is released goes
/// on being accepted; the old one goes when all that channels point to is signed under the new one. A node that slept through all of it
/// finds the newest roots and a release under them, and needs nothing in between.
/// </summary>
internal sealed class CmsRotation(RepositoryPublisher publisher, string keysFolder, TimeProvider clock, DurableFiles files)
{
    public const string SignerRole = "cms-signer";
    public const string RootRole = "cms-root";

    /// <exception cref="RotationException">The root's key, or the signer's, is not here.</exception>
    public void RotateSigner()
    {
        if (!CmsKeyFolder.HoldsSigner(keysFolder) || !CmsKeyFolder.HoldsRootKey(keysFolder))
        {
            throw new RotationException(
                RotationFault.NotPossible,
                "The key of the signer or that of the CMS root lies elsewhere: issue a certificate there by 'relay issue-signer'.");
        }

        CmsKeyFolder.IssueSigner(keysFolder, clock.GetUtcNow(), files);
    }

    /// <summary>Nodes are to pin one root more, under which models are signed from now on.</summary>
    /// <param name="from">A folder with a <c>cms-root.pem</c> that was made elsewhere, and with its <c>cms-signer.pem</c> where the relay
    /// shall hold the signer; null: both are made here.</param>
    /// <returns>As <see cref="RepositoryPublisher.PinAnchorsAsync"/>.</returns>
    /// <exception cref="RotationException">A new root must be made elsewhere, or what was made is not usable.</exception>
    public Task<string?> RotateRootAsync(string? from, CancellationToken cancellationToken)
    {
        if (from is not null)
        {
            RequireUsable(from);
            CmsKeyFolder.RotateRoot(keysFolder, from, files);
        }
        else if (CmsKeyFolder.HoldsRootKey(keysFolder))
        {
            CmsKeyFolder.RotateRoot(keysFolder, clock.GetUtcNow(), files);
        }
        else
        {
            throw new RotationException(
                RotationFault.PublicKeyNeeded,
                "The key of the CMS root is offline, and so must the new one be: make it there by 'relay keys create-cms FOLDER', bring "
                + "cms-root.pem and cms-signer.pem here, and name their folder by --from.");
        }

        return publisher.PinAnchorsAsync(cancellationToken);
    }

    /// <summary>Nodes are to pin the newest root only.</summary>
    /// <returns>As <see cref="RepositoryPublisher.PinAnchorsAsync"/>.</returns>
    /// <exception cref="RotationException">A channel still points to a model that is not signed under it.</exception>
    public Task<string?> FinishRootAsync(CancellationToken cancellationToken)
    {
        using X509Certificate2 newest = CmsKeyFolder.ReadRoot(keysFolder);
        if (publisher.ModelsNotUnder([newest]) is { Count: > 0 } models)
        {
            throw new RotationException(
                RotationFault.StillInUse,
                $"Nodes would refuse what channels point to: {string.Join(", ", models)}. Train and publish new versions first, which are signed under the new root.");
        }

        CmsKeyFolder.DropOldRoots(keysFolder, files);
        return publisher.PinAnchorsAsync(cancellationToken);
    }

    private void RequireUsable(string from)
    {
        try
        {
            using X509Certificate2 root = CmsKeyFolder.ReadRoot(from);
            if (CmsKeyFolder.ReadRoots(keysFolder).Any(known => known.Thumbprint == root.Thumbprint))
            {
                throw new RotationException(RotationFault.AlreadyListed, "That root is in the key folder already.");
            }

            using X509Certificate2? signer = CmsKeyFolder.ReadSigner(from);
            using SigningKeys made = new(new Dictionary<string, IReadOnlyList<RoleSigner>>(), [root], signer, null);
            if (signer is not null && new ArtifactSigner(made, clock).TryOut([root]) is { } refusal)
            {
                throw new RotationException(RotationFault.Refused, $"Nodes would refuse what the signer signs: {refusal.Detail}.", refusal);
            }
        }
        catch (Exception unreadable) when (unreadable is FileNotFoundException or DirectoryNotFoundException
            or (CryptographicException and not SigningException) or ArgumentException)
        {
            throw new RotationException(RotationFault.NotPossible, $"There is no CMS root to take in '{from}': {unreadable.Message}");
        }
    }
}

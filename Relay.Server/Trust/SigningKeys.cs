using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Trust;

namespace Relay.Server.Trust;

/// <summary>All private keys that the relay holds. Which of them count, and how many are needed, is said by root and not here.</summary>
public sealed class SigningKeys : IDisposable
{
    private readonly IReadOnlyDictionary<string, IReadOnlyList<RoleSigner>> _byRole;

    /// <param name="byRole">Roles whose keys are kept offline are missing.</param>
    /// <param name="cmsRoot">The certificate, without key, that nodes pin as the anchor of model signatures.</param>
    /// <param name="cmsSigner">The certificate and key that sign models; null where <c>signer.json</c> names others.</param>
    /// <param name="first">What a ceremony signed to start from; null where the relay made its own keys.</param>
    internal SigningKeys(
        IReadOnlyDictionary<string, IReadOnlyList<RoleSigner>> byRole, X509Certificate2 cmsRoot, X509Certificate2? cmsSigner,
        FirstMetadata? first)
    {
        (_byRole, CmsRoot, CmsSigner, First) = (byRole, cmsRoot, cmsSigner, first);
    }

    /// <summary>The certificate, without key, that nodes pin as the anchor of model signatures.</summary>
    public X509Certificate2 CmsRoot { get; }

    /// <summary>True when enough root keys lie on the relay to sign a first root; a production relay keeps them elsewhere.</summary>
    public bool HoldsRoot => Of(RoleNames.Root).Count >= KeyLayout.DefaultRootThreshold;

    /// <summary>The certificate and key that sign models; null where they lie elsewhere.</summary>
    internal X509Certificate2? CmsSigner { get; }

    internal FirstMetadata? First { get; }

    /// <summary>The keys in files named after the role, in the order of the names.</summary>
    internal IReadOnlyList<RoleSigner> Of(string role) => _byRole.GetValueOrDefault(role) ?? [];

    /// <summary>The held keys that the group lists, each once.</summary>
    internal IReadOnlyList<RoleSigner> In(KeyGroup group) =>
        [.. _byRole.Values.SelectMany(signers => signers).Where(signer => group.Has(signer.KeyId)).DistinctBy(signer => signer.KeyId)];

    /// <summary>True when the held keys can sign for the group without anybody's help.</summary>
    internal bool Meet(KeyGroup group) => In(group).Count >= group.Threshold;

    public void Dispose()
    {
        foreach (RoleSigner signer in _byRole.Values.SelectMany(signers => signers))
        {
            signer.Dispose();
        }

        CmsRoot.Dispose();
        CmsSigner?.Dispose();
    }
}

using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Tuf;

namespace Relay.Server.Keys;

/// <summary>All private keys that the relay holds. The root metadata says which of them count, and how many are needed.</summary>
public sealed class SigningKeys : IDisposable
{
    private readonly List<RoleSigner> _opened = [];
    private IReadOnlyDictionary<string, IReadOnlyList<RoleSigner>> _byRole;
    private byte[] _digest = [];

    /// <param name="byRole">Roles whose keys are kept offline are missing.</param>
    /// <param name="cmsRoots">The certificates, without keys, that nodes pin as anchors of model signatures, the newest first.</param>
    /// <param name="cmsSigner">The certificate and key that sign models; null where <c>signer.json</c> names others.</param>
    /// <param name="ceremony">What a ceremony signed to start from; null where the relay made its own keys.</param>
    /// <param name="folder">Where the keys were read, and are read again when it changes; null: they never change.</param>
    internal SigningKeys(
        IReadOnlyDictionary<string, IReadOnlyList<RoleSigner>> byRole, X509Certificate2Collection cmsRoots, X509Certificate2? cmsSigner,
        CeremonyMetadata? ceremony, string? folder = null)
    {
        (_byRole, CmsRoots, CmsSigner, Ceremony, Folder) = (byRole, cmsRoots, cmsSigner, ceremony, folder);
        _opened.AddRange(byRole.Values.SelectMany(signers => signers));
    }

    /// <summary>The newest certificate, without key, that nodes pin as an anchor of model signatures.</summary>
    public X509Certificate2 CmsRoot => CmsRoots[0];

    /// <summary>All roots that nodes pin; more than one during a rotation of the root.</summary>
    internal X509Certificate2Collection CmsRoots { get; }

    /// <summary>True when enough root keys lie on the relay to sign a first root; a production relay keeps them elsewhere.</summary>
    public bool HoldsRoot => ForRole(RoleNames.Root).Count >= RoleAssignments.DefaultRootThreshold;

    /// <summary>The certificate and key that sign models; null where they lie elsewhere.</summary>
    internal X509Certificate2? CmsSigner { get; }

    /// <summary>What a ceremony signed to start from; null where the relay made its own keys.</summary>
    internal CeremonyMetadata? Ceremony { get; }

    /// <summary>The key folder; null where the keys are in memory only.</summary>
    internal string? Folder { get; }

    /// <summary>The keys in files named after the role, in the order of the names.</summary>
    internal IReadOnlyList<RoleSigner> ForRole(string role) => _byRole.GetValueOrDefault(role) ?? [];

    /// <summary>The held keys that the role lists, each once.</summary>
    internal IReadOnlyList<RoleSigner> HeldFor(KeyGroup role) =>
        [.. _byRole.Values.SelectMany(signers => signers).Where(signer => role.Has(signer.KeyId)).DistinctBy(signer => signer.KeyId)];

    /// <summary>True when enough of the role's keys are held to sign for it.</summary>
    internal bool CanSign(KeyGroup role) => HeldFor(role).Count >= role.Threshold;

    /// <summary>As many of the held keys as the role's threshold asks for.</summary>
    internal IEnumerable<RoleSigner> TakeThreshold(KeyGroup role) => HeldFor(role).Take(role.Threshold);

    /// <summary>Reads the keys again: another process may have replaced some. The former ones stay usable until this is disposed.</summary>
    /// <exception cref="InvalidDataException">A file is not a private key.</exception>
    /// <exception cref="Signers.SigningException">A command cannot sign.</exception>
    internal void Refresh()
    {
        // A folder that was removed replaces nothing: a running relay keeps its keys.
        if (Folder is null || !Directory.Exists(Folder))
        {
            return;
        }

        lock (_opened)
        {
            byte[] digest = KeyFolder.Digest(Folder);
            if (digest.AsSpan().SequenceEqual(_digest))
            {
                return;
            }

            IReadOnlyDictionary<string, IReadOnlyList<RoleSigner>> read = KeyFolder.Read(Folder);
            _digest = digest;
            // The file of a command may name another one for the same key.
            HashSet<string> before = [.. Ids(_byRole)];
            if (before.SetEquals(Ids(read)) && !HasCommands(_byRole) && !HasCommands(read))
            {
                Release(read.Values.SelectMany(signers => signers));
                return;
            }

            _opened.AddRange(read.Values.SelectMany(signers => signers));
            _byRole = read;
        }
    }

    private static IEnumerable<string> Ids(IReadOnlyDictionary<string, IReadOnlyList<RoleSigner>> byRole) =>
        byRole.SelectMany(role => role.Value.Select(signer => $"{role.Key} {signer.KeyId}"));

    private static bool HasCommands(IReadOnlyDictionary<string, IReadOnlyList<RoleSigner>> byRole) =>
        byRole.Values.Any(signers => signers.Any(signer => signer.IsCommand));

    private static void Release(IEnumerable<RoleSigner> signers)
    {
        foreach (RoleSigner signer in signers)
        {
            signer.Dispose();
        }
    }

    public void Dispose()
    {
        Release(_opened);
        foreach (X509Certificate2 root in CmsRoots)
        {
            root.Dispose();
        }

        CmsSigner?.Dispose();
    }
}

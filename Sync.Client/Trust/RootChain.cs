using Shared.Contracts;
using Shared.Contracts.Tuf;
using Sync.Client.Storage;

namespace Sync.Client.Trust;

/// <summary>The root of the installation and every root since, each verified by the one before, again at every start. A root that was
/// altered on disk ends the chain and is fetched again.</summary>
internal sealed class RootChain(string trustedRootPath, NodeStore store, TimeProvider timeProvider)
{
    private byte[]? _newest;

    /// <summary>The newest root on disk that the chain reaches.</summary>
    /// <exception cref="RelaySyncException">The installation's root cannot be read or does not verify.</exception>
    public byte[] Newest => _newest ??= Walk();

    /// <summary>Stores the next root under its version, so that no root ever replaces another.</summary>
    public void Append(long version, byte[] root)
    {
        store.WriteMetadata(MetadataPaths.Versioned(RoleNames.Root, version), root);
        _newest = root;
    }

    private byte[] Walk()
    {
        byte[] newest = ReadInstalled();
        TrustedMetadata trusted = Open(newest);
        while (store.ReadMetadata(trusted.NextRoot.FileName, trusted.NextRoot.MaximumBytes) is { } next
            && trusted.UpdateRoot(next) is null)
        {
            // A new instance at each step: the bound on rotations is for one update, not for the life of a node.
            newest = next;
            trusted = Open(newest);
        }

        return newest;
    }

    private byte[] ReadInstalled()
    {
        try
        {
            return StoreFiles.Read(trustedRootPath, TrustBounds.RootBytes)
                ?? throw Invalid("it is missing or too long", null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid(e.Message, e);
        }
    }

    private TrustedMetadata Open(byte[] root)
    {
        Result<TrustedMetadata> trusted = TrustedMetadata.Create(root, timeProvider.GetUtcNow());
        return trusted.Value ?? throw Invalid(trusted.Refusal!.Detail, null);
    }

    private RelaySyncException Invalid(string why, Exception? inner) => new(
        RelaySyncFault.TrustedRootInvalid,
        $"the trusted root '{trustedRootPath}' is not usable: {why}; get root.json from the relay's operator", inner);
}

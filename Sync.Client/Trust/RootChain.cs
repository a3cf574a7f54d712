using Shared.Contracts;
using Shared.Contracts.Tuf;
using Sync.Client.Storage;

namespace Sync.Client.Trust;

/// <summary>The root of the installation and every root since, each verified by the one before, again at every start. A root that was
/// altered on disk ends the chain and is fetched again.</summary>
internal sealed class RootChain(string trustedRootPath, NodeStore store, TimeProvider timeProvider)
{
    private readonly List<(string File, byte[] Bytes)> _later = [];
    private byte[]? _newest;

    /// <summary>The newest root on disk that the chain reaches; refused as <see cref="RefusalReason.TrustedRootInvalid"/> where the
    /// installation's root cannot be read or does not verify, and read again at the next call.</summary>
    public Result<byte[]> ReadNewest()
    {
        if (_newest is null)
        {
            Result<byte[]> installed = ReadInstalled();
            if (!installed.IsAccepted)
            {
                return installed;
            }

            Result<TrustedMetadata> trusted = Open(installed.Value);
            if (!trusted.IsAccepted)
            {
                return Invalid(trusted.Refusal.Detail);
            }

            _newest = Walk(installed.Value, trusted.Value);
        }

        return _newest;
    }

    /// <summary>Stores the next root under its version, so that no root ever replaces another.</summary>
    public void Append(long version, byte[] root)
    {
        string file = MetadataPaths.Versioned(RoleNames.Root, version);
        store.WriteMetadata(file, root);
        _later.Add((file, root));
        _newest = root;
    }

    /// <summary>Stores again what the store lost of the chain.</summary>
    public void WriteMissing()
    {
        foreach ((string file, byte[] bytes) in _later.Where(r => !store.HasMetadata(r.File)))
        {
            store.WriteMetadata(file, bytes);
        }
    }

    private byte[] Walk(byte[] newest, TrustedMetadata trusted)
    {
        _later.Clear();
        while (trusted.NextRoot is var next
            && store.ReadMetadata(next.FileName, next.MaximumBytes) is { } stored
            && trusted.UpdateRoot(stored) is null)
        {
            // A new instance at each step: the bound on rotations is for one update, not for the life of a node.
            newest = stored;
            _later.Add((next.FileName, stored));
            trusted = Open(newest).ValueOrThrow();
        }

        return newest;
    }

    private Result<byte[]> ReadInstalled()
    {
        try
        {
            return StoreFiles.Read(trustedRootPath, TrustBounds.RootBytes) is { } root ? root : Invalid("it is missing or too long");
        }
        catch (Exception e) when (StoreFault.IsMeant(e))
        {
            return Invalid(e.Message);
        }
    }

    private Result<TrustedMetadata> Open(byte[] root) => TrustedMetadata.Create(root, timeProvider.GetUtcNow());

    private Refusal Invalid(string why) => new(
        RefusalReason.TrustedRootInvalid, trustedRootPath, $"the trusted root is not usable: {why}; get root.json from the relay's operator");
}

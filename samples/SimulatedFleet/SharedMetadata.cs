using System.Collections.Concurrent;
using System.Security.Cryptography;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace SimulatedFleet;

/// <summary>The metadata that the nodes of this process have verified. Each file is verified once, by the TUF client workflow of
/// <see cref="TrustedMetadata"/>; nodes that hold the same bytes share the result. Roots after the trusted one are not looked for.</summary>
internal sealed class SharedMetadata(byte[] trustedRoot, TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<string, VerifiedMetadata> _byTimestamp = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>What a timestamp leads to, before its snapshot was taken.</summary>
    /// <exception cref="FleetException">It does not verify.</exception>
    public VerifiedMetadata TakeTimestamp(byte[] file) =>
        _byTimestamp.GetOrAdd(Convert.ToHexStringLower(SHA256.HashData(file)), sha256 => Open(file, sha256));

    /// <summary>The bytes of a file that was verified before, by its versioned name.</summary>
    public byte[] FindFile(string name) => _files[name];

    public void AddFile(string name, byte[] file) => _files[name] = file;

    private VerifiedMetadata Open(byte[] file, string sha256)
    {
        Result<TrustedMetadata> trusted = TrustedMetadata.Create(trustedRoot, timeProvider.GetUtcNow());
        Refusal? refusal = trusted.IsAccepted ? trusted.Value.UpdateTimestamp(file) : trusted.Refusal;
        return refusal is null
            ? new VerifiedMetadata(this, trusted.Value!, sha256)
            : throw new FleetException($"{refusal.Subject}: {refusal.Reason}, {refusal.Detail}");
    }
}

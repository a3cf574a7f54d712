using System.Security.Cryptography;

namespace Shared.Contracts.Tuf;

/// <summary>TUF 5.7.3 for content that comes in parts, so that a large file is never whole in memory.</summary>
internal sealed class TargetCheck(TargetFile file) : IDisposable
{
    private readonly IncrementalHash? _sha256 = Start(file.Hashes.Sha256, HashAlgorithmName.SHA256);
    private readonly IncrementalHash? _sha512 = Start(file.Hashes.Sha512, HashAlgorithmName.SHA512);
    private long _length;

    public void Append(ReadOnlySpan<byte> part)
    {
        _length += part.Length;
        _sha256?.AppendData(part);
        _sha512?.AppendData(part);
    }

    /// <summary>Null when all parts together are the content that was signed. For one call.</summary>
    public Refusal? Finish() => file.CheckLength(_length) ?? file.CheckHashes(new(Hex(_sha256), Hex(_sha512)));

    public void Dispose()
    {
        _sha256?.Dispose();
        _sha512?.Dispose();
    }

    private static IncrementalHash? Start(string? listed, HashAlgorithmName algorithm) =>
        listed is null ? null : IncrementalHash.CreateHash(algorithm);

    private static string? Hex(IncrementalHash? hash) => hash is null ? null : Convert.ToHexStringLower(hash.GetHashAndReset());
}

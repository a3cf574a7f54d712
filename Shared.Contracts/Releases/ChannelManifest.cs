using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Shared.Contracts.Json;

namespace Shared.Contracts.Releases;

/// <summary>The target <c>channels/&lt;name&gt;.json</c> of the online role: which release a channel runs.</summary>
/// <param name="Candidate">During a rollout, the release that a part of the nodes runs instead.</param>
public sealed record ChannelManifest(string Channel, int Release, ReleaseCandidate? Candidate = null)
{
    /// <summary>The release for a node. The node computes it itself, so that a rollout needs static files only.</summary>
    public int ReleaseFor(string nodeId) => Candidate is { } candidate && candidate.Includes(nodeId) ? candidate.Release : Release;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, TrustJson.Default.ChannelManifest);

    /// <summary>Reads a verified target; refused as <see cref="RefusalReason.ReleaseMalformed"/>, also when it is another channel's.</summary>
    public static Result<ChannelManifest> Read(ReadOnlySpan<byte> utf8, string channel) =>
        TrustDocument.Read(utf8, TrustJson.Default.ChannelManifest, TargetPaths.Channel(channel), read => read.FindError(channel));

    private string? FindError(string channel) =>
        Channel != channel ? $"it is for channel '{Channel}'"
        : Release < 1 ? "it has no release"
        : Candidate is { } candidate && (candidate.Release < 1 || candidate.Percentage is not (>= 0 and <= 100)) ? "its candidate is out of range"
        : null;
}

/// <summary>A release that is rolled out to a growing part of the nodes.</summary>
/// <param name="Percentage">0 to 100, of nodes, in steps of 0.01.</param>
/// <param name="Salt">Different for every rollout, so that the first nodes are not always the same.</param>
public sealed record ReleaseCandidate(int Release, double Percentage, string Salt)
{
    private const int Buckets = 10_000;

    /// <summary>
    /// True for about <see cref="Percentage"/> of all nodes: always for the same ones, and for all that a smaller percentage includes.
    /// The bucket is the first eight bytes, big endian, of SHA-256 over salt, line feed and node id, scaled to 0 to 9,999.
    /// </summary>
    public bool Includes(string nodeId)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{Salt}\n{nodeId}"));
        UInt128 scaled = (UInt128)BinaryPrimitives.ReadUInt64BigEndian(digest) * Buckets;
        return (int)(scaled >> 64) < Math.Round(Percentage * Buckets / 100);
    }
}

using System.Text.Json;
using Shared.Contracts.Json;

namespace Shared.Contracts.Releases;

/// <summary>The target <c>trust/policy.json</c>: releases and artifacts that no node may run, on any channel.</summary>
/// <param name="MinimumRelease">Releases under this number are refused; 0 allows all.</param>
/// <param name="Revoked">SHA-256 of artifacts, in lower-case hex.</param>
public sealed record TrustPolicy(int MinimumRelease, IReadOnlyList<string> Revoked)
{
    /// <summary>Null when the release may run by its number.</summary>
    public Refusal? CheckRelease(int number) => number >= MinimumRelease
        ? null
        : new(RefusalReason.ReleaseBelowMinimum, TargetPaths.Release(number), $"the minimum is {MinimumRelease}");

    /// <summary>Null when the artifact is not revoked.</summary>
    public Refusal? CheckArtifact(string subject, string sha256) => Revoked.Contains(sha256, StringComparer.Ordinal)
        ? new(RefusalReason.ArtifactRevoked, subject, $"{sha256} is revoked")
        : null;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, TrustJson.Default.TrustPolicy);

    /// <summary>Reads a verified target; refused as <see cref="RefusalReason.ReleaseMalformed"/>.</summary>
    public static Result<TrustPolicy> Read(ReadOnlySpan<byte> utf8) =>
        TrustDocument.Read(utf8, TrustJson.Default.TrustPolicy, TargetPaths.Policy, read => read.FindError());

    private string? FindError() =>
        MinimumRelease < 0 ? "the minimum release is negative"
        : Revoked.All(TrustDocument.IsSha256) ? null : "a revoked digest is not lower-case hex of SHA-256";
}

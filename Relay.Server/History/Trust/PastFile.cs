using System.Security.Cryptography;
using Shared.Contracts.Api;

namespace Relay.Server.History.Trust;

/// <summary>A signed document of a past time, or an artifact.</summary>
/// <param name="Path">As in a repository, and for a timestamp <see cref="PastFileSource.TimestampPath"/>.</param>
/// <param name="Content">Null for an artifact that was not read.</param>
internal sealed record PastFile(string Path, string Role, long? Version, string Sha256, long Length, byte[]? Content)
{
    public static PastFile Create(string path, string role, long? version, byte[] content) =>
        new(path, role, version, Convert.ToHexStringLower(SHA256.HashData(content)), content.Length, content);

    public NodeHistoryFile ToView() => new(Path, Role, Version, Sha256, Length);
}

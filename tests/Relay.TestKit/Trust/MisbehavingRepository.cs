using System.Text.Json.Nodes;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.TestKit.Trust;

/// <summary>
/// Stands before an honest repository and misbehaves as told. Paths are <c>metadata/...</c> and <c>targets/...</c>. What is not
/// altered is served as it is, also when the honest repository moves on.
/// </summary>
public sealed partial class MisbehavingRepository(TestRepository honest) : IDisposable
{
    public const string TimestampPath = "metadata/timestamp.json";

    private readonly Dictionary<string, byte[]?> _altered = new(StringComparer.Ordinal);
    private readonly HashSet<string> _endless = new(StringComparer.Ordinal);

    public StolenKeys Keys { get; } = new(honest.Keys);

    /// <summary>The bytes at a path; null for 404. An endless body is a few bytes more than any bound here.</summary>
    public byte[]? Serve(string path) => _endless.Contains(path) ? new byte[TrustBounds.TargetsBytes + 1]
        : _altered.TryGetValue(path, out byte[]? altered) ? altered
        : honest.Serve(path);

    /// <summary>As <see cref="Serve"/>, for servers that stream.</summary>
    public Stream? Open(string path) => _endless.Contains(path) ? new EndlessStream()
        : Serve(path) is { } bytes ? new MemoryStream(bytes, writable: false)
        : null;

    public void Replace(string path, byte[] content) => _altered[path] = content;

    public void Remove(string path) => _altered[path] = null;

    public void Endless(string path) => _endless.Add(path);

    /// <param name="offset">The byte to alter; the middle one by default.</param>
    public void FlipByte(string path, int? offset = null) => Alter(path, bytes => bytes[offset ?? bytes.Length / 2] ^= 1);

    public void Truncate(string path) => Replace(path, Existing(path)[..^1]);

    public void Extend(string path) => Replace(path, [.. Existing(path), (byte)' ']);

    public void Swap(string first, string second)
    {
        (byte[] atFirst, byte[] atSecond) = (Existing(first), Existing(second));
        Replace(first, atSecond);
        Replace(second, atFirst);
    }

    /// <summary>From now on serves the timestamp of this moment: a freeze, or with an older one a replay.</summary>
    public void Freeze() => Replace(TimestampPath, Existing(TimestampPath));

    /// <summary>Honest again.</summary>
    public void Behave()
    {
        _altered.Clear();
        _endless.Clear();
    }

    public void Dispose() => Keys.Dispose();

    /// <summary>The path of a target with its hash before the file name, as the current metadata lists it.</summary>
    public string TargetPath(string target)
    {
        string role = target.StartsWith("channels/", StringComparison.Ordinal) ? RoleNames.Channels : RoleNames.Targets;
        string hash = Signed(role)["targets"]![target]!["hashes"]!["sha256"]!.GetValue<string>();
        return $"targets/{Shared.Contracts.Tuf.TargetPath.Parse(target).WithHash(hash)}";
    }

    private void Alter(string path, Action<byte[]> change)
    {
        byte[] bytes = [.. Existing(path)];
        change(bytes);
        Replace(path, bytes);
    }

    private byte[] Existing(string path) => Serve(path) ?? throw new InvalidOperationException($"'{path}' is not served.");

    private static JsonObject SignedPart(byte[] file) => JsonNode.Parse(file)!["signed"]!.DeepClone().AsObject();
}

using System.Security.Cryptography;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace SimulatedFleet;

/// <summary>What a node gets, from its event stream or each file by a signed request of its own, and what it holds then: names and hashes only, since
/// the bytes are shared in the process.</summary>
internal sealed class NodeFiles(LightNode node, SignedConnection connection, SharedArtifacts shared)
{
    private const int BufferBytes = 64 * 1024;

    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _documents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _artifacts = new(StringComparer.Ordinal);
    private volatile FilesEvent? _pushed;

    /// <summary>Takes what the event stream brought, in place of what it brought before.</summary>
    public void Keep(FilesEvent files) => _pushed = files;

    /// <summary>Fetches metadata and takes it, unless the node holds this version of the role.</summary>
    public async Task TakeAsync(VerifiedMetadata verified, MetadataDownload download, CancellationToken cancellationToken)
    {
        bool isHeld = _metadata.GetValueOrDefault(download.Role) == download.FileName;
        verified.Take(download, isHeld ? null : await ReadMetadataAsync(download, cancellationToken));
        _metadata[download.Role] = download.FileName;
    }

    /// <summary>From the event stream, or by a request.</summary>
    public async Task<byte[]> ReadMetadataAsync(MetadataDownload download, CancellationToken cancellationToken) =>
        _pushed?.Metadata.GetValueOrDefault(download.FileName)
        ?? await ReadAsync($"{Routes.Metadata}/{download.FileName}", download.MaximumBytes, cancellationToken);

    /// <summary>The timestamp that the event stream brought, where it is newer than the one that the node has; else the relay's.</summary>
    public async Task<byte[]> ReadTimestampAsync(long held, CancellationToken cancellationToken) =>
        _pushed is { } pushed && pushed.Timestamp > held
            ? pushed.Metadata[MetadataPaths.Timestamp]
            : await ReadAsync($"{Routes.Metadata}/{MetadataPaths.Timestamp}", TrustedMetadata.TimestampDownload.MaximumBytes, cancellationToken);

    /// <summary>A document that the metadata list, checked by its hash; from memory where the node holds these bytes.</summary>
    public async Task<byte[]> ReadDocumentAsync(VerifiedMetadata verified, string path, CancellationToken cancellationToken)
    {
        TargetFile file = verified.FindTarget(path);
        if (!_documents.TryGetValue(file.Sha256!, out byte[]? held))
        {
            held = await ReadTargetAsync(file, TrustBounds.DocumentBytes, cancellationToken);
            _documents.Add(file.Sha256!, held);
        }

        return held;
    }

    /// <summary>Makes sure that the node holds the artifact of a model, verified.</summary>
    /// <returns>True where it was downloaded.</returns>
    public async Task<bool> HoldAsync(VerifiedMetadata verified, ReleasedModel model, CancellationToken cancellationToken)
    {
        TargetFile file = verified.FindTarget(model.Path);
        if (file.Sha256 != model.Sha256 || file.Length != model.Length)
        {
            throw new FleetException($"{node.Id}: the release and the targets disagree on {model.Path}");
        }

        if (_artifacts.Contains(model.Sha256))
        {
            return false;
        }

        byte[]? artifact = shared.Find(model.Sha256) is null ? await ReadTargetAsync(file, file.Length, cancellationToken) : null;
        if (artifact is null)
        {
            await CheckAsync(file, cancellationToken);
        }

        byte[] signature = await ReadTargetAsync(verified.FindTarget(model.SignaturePath), TrustBounds.SignatureFileBytes, cancellationToken);
        if (artifact is not null && shared.Find(model.Sha256) is null)
        {
            if (!shared.HasAnchors)
            {
                shared.SetAnchors(await ReadDocumentAsync(verified, TargetPaths.Anchors, cancellationToken));
            }

            shared.Add(file, artifact, signature);
        }

        return _artifacts.Add(model.Sha256);
    }

    private async Task<byte[]> ReadTargetAsync(TargetFile file, long maximumBytes, CancellationToken cancellationToken)
    {
        byte[] bytes = _pushed?.Targets.GetValueOrDefault(file.ConsistentPath)
            ?? await ReadAsync($"{Routes.Targets}/{file.ConsistentPath}", maximumBytes, cancellationToken);
        return file.Check(bytes) is { } refusal ? throw new FleetException($"{node.Id}: {refusal.Subject}: {refusal.Reason}") : bytes;
    }

    /// <summary>Downloads an artifact and checks its hash, without keeping it.</summary>
    private async Task CheckAsync(TargetFile file, CancellationToken cancellationToken)
    {
        if (_pushed?.Targets.GetValueOrDefault(file.ConsistentPath) is { } pushed)
        {
            if (file.Check(pushed) is { } refusal)
            {
                throw new FleetException($"{node.Id}: {refusal.Subject}: {refusal.Reason}");
            }

            return;
        }

        string path = $"{Routes.Targets}/{file.ConsistentPath}";
        using HttpResponseMessage response = await connection.GetAsync(node, path, cancellationToken);
        await RequireAsync(response, path, cancellationToken);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[BufferBytes];
        long length = 0;
        for (int got; (got = await body.ReadAsync(buffer, cancellationToken)) > 0 && length <= file.Length; length += got)
        {
            hash.AppendData(buffer, 0, got);
        }

        if (length != file.Length || Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Sha256)
        {
            throw new FleetException($"{node.Id}: {file.Path} is not the signed one");
        }
    }

    private async Task<byte[]> ReadAsync(string path, long maximumBytes, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await connection.GetAsync(node, path, cancellationToken);
        await RequireAsync(response, path, cancellationToken);
        await response.Content.LoadIntoBufferAsync(maximumBytes, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private Task RequireAsync(HttpResponseMessage response, string path, CancellationToken cancellationToken) =>
        SignedConnection.RequireSuccessAsync(response, $"{node.Id}: GET {path}", cancellationToken);
}

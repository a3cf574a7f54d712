using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Relay.AdminClient;
using Relay.Server.Repository.Mirroring;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Cms;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Cli.Downloads;

/// <summary>Downloads and verifies a version. A published one comes from the repository, by the metadata that nodes verify; one that is not
/// comes from the relay's store, by the digest in its card and by its signature.</summary>
internal sealed class VersionDownload(RelayApi relay, HttpClient http, ModelVersion version, TimeProvider timeProvider)
{
    private const int CardBytes = 16 << 20;

    private readonly RelayFileSource _repository = new(http, timeProvider, RelayFileSource.DefaultGrace);
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly TargetPath _model = TargetPath.TryCreate(TargetPaths.Model(version.Name, version.Version), out TargetPath? path)
        ? path
        : throw new CommandException(DisplayText.Format($"'{version.Name}' is no name of a model."));

    /// <param name="trustedRoot">The root to begin with; null for the relay's own first one.</param>
    /// <exception cref="InvalidDataException">Something does not verify.</exception>
    /// <exception cref="RelayException">The relay has no such version.</exception>
    public async Task<DownloadedVersion> ReadAsync(byte[]? trustedRoot, CancellationToken cancellationToken)
    {
        ModelCard card = await ReadCardAsync(cancellationToken);
        RepositoryContents contents =
            await new RepositoryReader(_repository, timeProvider).ReadAsync(trustedRoot, heldTimestamp: null, cancellationToken);
        bool isPublished = contents.FindListed(_model) is not null;
        if (isPublished)
        {
            await AddPublishedAsync(contents, cancellationToken);
        }
        else
        {
            await AddStoredAsync(card, cancellationToken);
        }

        byte[] anchors = await contents.RequireListedAsync(_repository, TargetPaths.Anchors, cancellationToken);
        byte[]? timestampAnchors = await contents.ReadListedAsync(_repository, TargetPaths.TimestampAnchors, cancellationToken);

        // A version has its time stamp from its publication on.
        Verify(card, anchors, isPublished ? timestampAnchors : null);
        Add(DownloadedVersion.Anchors, anchors);
        if (timestampAnchors is not null)
        {
            Add(DownloadedVersion.TimestampAnchors, timestampAnchors);
        }

        Add(DownloadedVersion.Golden, GoldenOf(_files[_model.FileName]));
        Add(DownloadedVersion.Digests, Encoding.ASCII.GetBytes(string.Concat(_files.Select(file => $"{Digest(file.Value)}  {file.Key}\n"))));
        return new(_files, isPublished, await IsRevokedAsync(contents, card, cancellationToken), Digest(anchors));
    }

    private async Task<ModelCard> ReadCardAsync(CancellationToken cancellationToken)
    {
        foreach (string form in (string[])["json", "md", "html"])
        {
            Add($"card.{form}", await DownloadAsync(Routes.CardOf(version.Name, version.Version, form), CardBytes, cancellationToken));
        }

        Add(DownloadedVersion.Bom, await DownloadAsync(Routes.BomOf(version.Name, version.Version), CardBytes, cancellationToken));
        ModelCard? card = JsonSerializer.Deserialize(_files["card.json"], ModelJson.Default.ModelCard);
        return card is not null && card.Name == version.Name && card.Version == version.Version
            ? card
            : throw new InvalidDataException("The relay answered with the card of another version.");
    }

    private async Task AddPublishedAsync(RepositoryContents contents, CancellationToken cancellationToken)
    {
        string folder = _model.Value[..^_model.FileName.Length];
        foreach (TargetFile file in contents.Targets.Where(file => file.Path.Value == folder + file.Path.FileName))
        {
            RequireLength(file.Path.FileName, file.Length);
            Add(file.Path.FileName, await RepositoryContents.ReadAsync(_repository, file, cancellationToken));
        }
    }

    private async Task AddStoredAsync(ModelCard card, CancellationToken cancellationToken)
    {
        string list = Routes.FilesOf(version.Name, version.Version);
        Page<VersionFileView> files = await relay.GetAsync(list, RelayApiJson.Default.PageVersionFileView, cancellationToken);
        foreach (string name in (string[])[_model.FileName, TargetPaths.SignatureOf(_model.FileName)])
        {
            VersionFileView file = files.Items.SingleOrDefault(file => file.Name == name)
                ?? throw new InvalidDataException($"The relay has no file '{name}' of {version.Name} {version.Version}.");
            RequireLength(name, file.Length);
            byte[] content = await DownloadAsync($"{list}/{name}", file.Length, cancellationToken);
            string expected = name == _model.FileName ? card.Sha256 : file.Sha256;
            Add(name, Digest(content) == expected ? content : throw new InvalidDataException(DisplayText.Format(
                $"'{name}' has SHA-256 {Digest(content)}, and not {expected}: it was changed or cut on its way, or at the relay.")));
        }
    }

    private void Verify(ModelCard card, byte[] anchors, byte[]? timestampAnchors)
    {
        byte[] model = _files[_model.FileName];
        if (Digest(model) != card.Sha256)
        {
            throw new InvalidDataException($"The card is of another file than {_model.FileName}: it states SHA-256 {card.Sha256}.");
        }

        X509Certificate2Collection roots = TrustAnchors.Read(anchors).ValueOrThrow();
        X509Certificate2Collection? timestampRoots = timestampAnchors is null ? null : TrustAnchors.Read(timestampAnchors).ValueOrThrow();
        byte[] signature = _files.GetValueOrDefault(TargetPaths.SignatureOf(_model.FileName))
            ?? throw new InvalidDataException($"The repository has no signature of {_model.FileName}.");
        if (CmsVerifier.Verify(model, signature, roots, timeProvider.GetUtcNow(), _model, timestampAnchors: timestampRoots) is { } refusal)
        {
            throw new InvalidDataException(DisplayText.Format(
                $"The signature of {_model.FileName} does not verify by {DownloadedVersion.Anchors}: {refusal.Reason}, {refusal.Detail}."));
        }
    }

    private async Task<bool> IsRevokedAsync(RepositoryContents contents, ModelCard card, CancellationToken cancellationToken) =>
        await contents.ReadListedAsync(_repository, TargetPaths.Policy, cancellationToken) is { } policy
        && TrustPolicy.Read(policy).ValueOrThrow().CheckArtifact(_model, card.Sha256) is not null;

    private async Task<byte[]> DownloadAsync(string path, long limit, CancellationToken cancellationToken)
    {
        using MemoryStream content = new();
        await relay.DownloadAsync(
            path,
            async body =>
            {
                byte[] part = new byte[1 << 16];
                for (int read; (read = await body.ReadAsync(part, cancellationToken)) > 0;)
                {
                    if (content.Length + read > limit)
                    {
                        throw new InvalidDataException(DisplayText.Format($"'{path}' has more than the {limit} bytes that it may have."));
                    }

                    content.Write(part, 0, read);
                }
            },
            cancellationToken);
        return content.ToArray();
    }

    /// <exception cref="InvalidDataException">Two files have one name.</exception>
    private void Add(string name, byte[] content)
    {
        if (!_files.TryAdd(name, content))
        {
            throw new InvalidDataException(DisplayText.Format($"The relay has a file '{name}' of its own, where this command writes one."));
        }
    }

    private static void RequireLength(string name, long length)
    {
        if (length is < 0 or > ArtifactInspector.MaxBytes)
        {
            throw new InvalidDataException(DisplayText.Format($"'{name}' has {length} bytes, at most {ArtifactInspector.MaxBytes}."));
        }
    }

    private static byte[] GoldenOf(byte[] model) =>
        JsonSerializer.SerializeToUtf8Bytes(ArtifactInspector.Inspect(model, "the model").ValueOrThrow().Golden, ModelJson.Default.GoldenVectors);

    private static string Digest(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}

using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Json;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Shared.Contracts.Releases;

namespace Relay.Server.Oci;

/// <summary>Sends a version to a registry, and reads one back.</summary>
internal sealed class OciArtifact(OciRegistry registry, OciReference reference)
{
    private const int EvidenceBytes = 16 << 20;
    private const int MaximumCandidates = 8;

    /// <summary>The tag comes last: with it there is all evidence.</summary>
    /// <param name="files">The model and its evidence, verified.</param>
    /// <returns>The digest of the manifest of the model.</returns>
    /// <exception cref="InvalidDataException">The reference names another digest: nothing was sent.</exception>
    public async Task<string> PushAsync(ModelCard card, IReadOnlyDictionary<string, byte[]> files, CancellationToken cancellationToken)
    {
        byte[] config = ModelPack.Config(card);
        byte[] manifest = ModelPack.Manifest(
            OciDescriptor.Create(ModelPack.ConfigType, config), OciDescriptor.Create(ModelPack.WeightType, files[ModelPack.ModelFile]));
        OciDescriptor model = OciDescriptor.Create(ModelPack.ManifestType, manifest);
        if (reference.IsDigest && reference.Version != model.Digest)
        {
            throw new InvalidDataException(
                $"{card.Name} {card.Version} has the digest {model.Digest}, and not {reference.Version}: name a tag, or this digest.");
        }

        await PushBlobAsync(ModelPack.ConfigType, config);
        await PushBlobAsync(ModelPack.WeightType, files[ModelPack.ModelFile]);
        await registry.PushManifestAsync(model.Digest, manifest, ModelPack.ManifestType, cancellationToken);
        await PushBlobAsync(ModelPack.EmptyType, ModelPack.Empty.ToArray());
        List<JsonObject> referrers = [];
        bool isListed = true;
        foreach ((string name, string type) in ModelPack.Evidence.Where(evidence => files.ContainsKey(evidence.Key)))
        {
            OciDescriptor blob = await PushBlobAsync(type, files[name]);
            byte[] referrer = ModelPack.Referrer(name, type, blob, model);
            OciDescriptor described = OciDescriptor.Create(ModelPack.ManifestType, referrer);
            isListed &= await registry.PushManifestAsync(described.Digest, referrer, ModelPack.ManifestType, cancellationToken);
            JsonObject listed = described.ToJson();
            listed["artifactType"] = type;
            listed["annotations"] = new JsonObject { [ModelPack.Title] = name };
            referrers.Add(listed);
        }

        if (!isListed)
        {
            await registry.AddReferrersAsync(model, referrers, cancellationToken);
        }

        if (!reference.IsDigest)
        {
            await registry.PushManifestAsync(reference.Version, manifest, ModelPack.ManifestType, cancellationToken);
        }

        return model.Digest;

        async Task<OciDescriptor> PushBlobAsync(string type, byte[] content)
        {
            OciDescriptor blob = OciDescriptor.Create(type, content);
            await registry.PushBlobAsync(blob, content, cancellationToken);
            return blob;
        }
    }

    /// <exception cref="InvalidDataException">The artifact is no model of a relay, or does not verify.</exception>
    public async Task<PulledVersion> PullAsync(
        X509Certificate2Collection anchors, X509Certificate2Collection? timestampAnchors, DateTimeOffset now, CancellationToken cancellationToken)
    {
        byte[] manifest = await registry.FindManifestAsync(reference.Version, cancellationToken)
            ?? throw new InvalidDataException($"The registry has no {reference}.");
        JsonElement root = StrictJson.Parse(manifest);
        JsonElement[] layers = [.. root.Member("layers").Items()];
        OciDescriptor config = OciDescriptor.Read(root.Member("config"));
        if (config.MediaType != ModelPack.ConfigType || layers.Length != 1 || layers[0].Text("mediaType") != ModelPack.WeightType)
        {
            throw new InvalidDataException($"{reference} is not a model that 'relay oci push' sent: expected one layer of {ModelPack.WeightType}.");
        }

        ModelVersion version = ReadVersion(await ReadAsync(config, EvidenceBytes, cancellationToken));
        byte[] model = await ReadAsync(OciDescriptor.Read(layers[0]), ArtifactInspector.MaxBytes, cancellationToken);
        OciDescriptor subject = OciDescriptor.Create(ModelPack.ManifestType, manifest);
        ILookup<string, byte[]> candidates = await ReadEvidenceAsync(subject, cancellationToken);
        EvidenceVerifier verifier = new(model, version, candidates, anchors, timestampAnchors, now);
        return new(version, subject.Digest, verifier.Verify());
    }

    private static ModelVersion ReadVersion(byte[] config)
    {
        JsonElement descriptor = StrictJson.Parse(config).Member("descriptor");
        string name = descriptor.Text("name");
        return TargetPaths.IsSafeName(name)
            && int.TryParse(descriptor.Text("version"), NumberStyles.None, CultureInfo.InvariantCulture, out int version)
            ? new(name, version)
            : throw new InvalidDataException("The config names no version of a model.");
    }

    private async Task<ILookup<string, byte[]>> ReadEvidenceAsync(OciDescriptor subject, CancellationToken cancellationToken)
    {
        List<(string Name, byte[] Content)> found = [];
        foreach (OciDescriptor referrer in await registry.ListReferrersAsync(subject, cancellationToken))
        {
            if (await registry.FindManifestAsync(referrer.Digest, cancellationToken) is { } manifest
                && FindFile(manifest, subject) is var (name, blob) && found.Count(file => file.Name == name) < MaximumCandidates)
            {
                found.Add((name, await registry.ReadBlobAsync(blob, cancellationToken)));
            }
        }

        return found.ToLookup(file => file.Name, file => file.Content, StringComparer.Ordinal);
    }

    /// <summary>The file of a manifest that refers to a model; null where it is none of the evidence: others may refer to it as well.</summary>
    private static (string Name, OciDescriptor Blob)? FindFile(byte[] manifest, OciDescriptor subject)
    {
        try
        {
            JsonElement root = StrictJson.Parse(manifest);
            return OciDescriptor.Read(root.Member("subject")) == subject && root.Member("layers").Items().ToArray() is [var layer]
                && layer.Member("annotations").Text(ModelPack.Title) is var name && ModelPack.Evidence.ContainsKey(name)
                && OciDescriptor.Read(layer) is { Size: <= EvidenceBytes } blob
                ? (name, blob)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<byte[]> ReadAsync(OciDescriptor blob, long limit, CancellationToken cancellationToken) => blob.Size <= limit
        ? await registry.ReadBlobAsync(blob, cancellationToken)
        : throw new InvalidDataException($"The blob {blob.Digest} has {blob.Size} bytes, more than {limit}.");
}

/// <summary>A version that was read and verified.</summary>
/// <param name="Digest">Of the manifest.</param>
/// <param name="Files">By name.</param>
internal sealed record PulledVersion(ModelVersion Version, string Digest, IReadOnlyDictionary<string, byte[]> Files);

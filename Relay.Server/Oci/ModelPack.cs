using System.Globalization;
using System.Text.Json.Nodes;
using Relay.Server.Signing.Evidence;
using Shared.Contracts.Models;

namespace Relay.Server.Oci;

/// <summary>The documents of a version in a registry: a model artifact of CNCF ModelPack whose only layer is the ONNX file itself, and one manifest
/// for each file of its evidence, which refers to the artifact.</summary>
internal static class ModelPack
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    public const string IndexType = "application/vnd.oci.image.index.v1+json";
    public const string ArtifactType = "application/vnd.cncf.model.manifest.v1+json";
    public const string ConfigType = "application/vnd.cncf.model.config.v1+json";
    public const string WeightType = "application/vnd.cncf.model.weight.v1.raw";
    public const string EmptyType = "application/vnd.oci.empty.v1+json";
    public const string ModelFile = "model.onnx";
    public const string FilePath = "org.cncf.model.filepath";
    public const string Title = "org.opencontainers.image.title";

    /// <summary>The evidence by the names of files, and the type of each.</summary>
    public static IReadOnlyDictionary<string, string> Evidence { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["bom.cdx.json"] = "application/vnd.cyclonedx+json",
        ["card.json"] = "application/vnd.relay.model-card.v1+json",
        ["model.onnx.p7s"] = "application/pkcs7-signature",
        ["model.sig"] = "application/vnd.dev.sigstore.bundle.v0.3+json",
        ["provenance.dsse.json"] = "application/vnd.dsse.envelope.v1+json",
        ["test-result.dsse.json"] = "application/vnd.dsse.envelope.v1+json",
    };

    public static ReadOnlySpan<byte> Empty => "{}"u8;

    public static byte[] Config(ModelCard card) => EvidenceJson.Write(new()
    {
        ["descriptor"] = new JsonObject
        {
            ["name"] = card.Name,
            ["version"] = card.Version.ToString(CultureInfo.InvariantCulture),
        },
        ["config"] = new JsonObject { ["format"] = "onnx" },
        ["modelfs"] = new JsonObject { ["type"] = "layers", ["diffIds"] = new JsonArray(OciDescriptor.Sha256 + card.Sha256) },
    });

    public static byte[] Manifest(OciDescriptor config, OciDescriptor weights)
    {
        JsonObject layer = weights.ToJson();
        layer["annotations"] = new JsonObject { [FilePath] = ModelFile, [Title] = ModelFile };
        return EvidenceJson.Write(new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["artifactType"] = ArtifactType,
            ["config"] = config.ToJson(),
            ["layers"] = new JsonArray(layer),
        });
    }

    /// <param name="type">What the file is.</param>
    /// <param name="subject">The model.</param>
    public static byte[] Referrer(string name, string type, OciDescriptor file, OciDescriptor subject)
    {
        JsonObject layer = file.ToJson();
        layer["annotations"] = new JsonObject { [Title] = name };
        return EvidenceJson.Write(new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["artifactType"] = type,
            ["config"] = OciDescriptor.Create(EmptyType, Empty).ToJson(),
            ["layers"] = new JsonArray(layer),
            ["subject"] = subject.ToJson(),
            ["annotations"] = new JsonObject { [Title] = name },
        });
    }
}

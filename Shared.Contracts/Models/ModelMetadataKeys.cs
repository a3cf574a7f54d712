namespace Shared.Contracts.Models;

/// <summary>Keys of the metadata that every artifact carries inside the ONNX file (<c>metadata_props</c>).</summary>
public static class ModelMetadataKeys
{
    /// <summary>The model's name.</summary>
    public const string Name = "relay.name";

    /// <summary>The version, a decimal number.</summary>
    public const string Version = "relay.version";

    /// <summary>The model's <see cref="ModelSchema"/> as JSON.</summary>
    public const string Schema = "relay.schema";

    /// <summary>SHA-256 of the bytes of <see cref="Schema"/>, lower-case hexadecimal.</summary>
    public const string SchemaHash = "relay.schema-sha256";

    /// <summary>SHA-256 of the training data as read, lower-case hexadecimal.</summary>
    public const string DataDigest = "relay.data-sha256";

    /// <summary>Held-out <see cref="ModelMetrics"/> as JSON.</summary>
    public const string Metrics = "relay.metrics";

    /// <summary>For anomaly detection, the score below which a row is an anomaly: a float32 as decimal text that parses to the same
    /// bits. It is learned from the data, and so is not part of the schema.</summary>
    public const string Offset = "relay.offset";

    /// <summary>The <see cref="SampleConsent"/> as JSON; a file without it lets nodes send nothing.</summary>
    public const string Samples = "relay.samples";

    /// <summary><see cref="GoldenVectors"/> as JSON: rows and the exact bits of the outputs of ONNX Runtime.</summary>
    public const string Golden = "relay.golden";
}

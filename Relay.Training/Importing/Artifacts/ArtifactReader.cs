using Google.Protobuf;
using Relay.Training.Data.Features;
using Relay.Training.Importing.Onnx;
using Shared.Contracts;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training.Importing.Artifacts;

/// <summary>Reads a file that a relay, or a run without one, has made. The sender may have changed it: it passes the checks of nodes and those
/// of every ONNX file that is imported.</summary>
internal static class ArtifactReader
{
    /// <summary>Whether a file says that it is one.</summary>
    public static bool IsArtifact(ReadOnlySpan<byte> file)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(file).MetadataProps.Any(p => p.Key == ModelMetadataKeys.Schema);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or IndexOutOfRangeException or ArgumentException)
        {
            return false;
        }
    }

    /// <exception cref="TrainingException">With InvalidModelFile or InvalidSpec: no node would take the
    /// file, or it is not what the spec describes.</exception>
    public static ImportedModel Read(ImportJob job)
    {
        Result<ArtifactDescription> verdict = ArtifactInspector.Inspect(job.File, job.FileName);
        if (!verdict.IsAccepted)
        {
            throw Refuse($"{verdict.Refusal.Reason}: {verdict.Refusal.Detail}");
        }

        ArtifactDescription description = verdict.Value;
        ModelSchema schema = description.Schema;
        RequireSpec(job.Spec, schema);
        ModelProto model = ModelProto.Parser.ParseFrom(job.File);
        if (model.Graph.Node.FirstOrDefault(node => !OnnxOperators.IsAllowed(node)) is { } other)
        {
            throw Refuse($"operator '{other.OpType}' of node '{other.Name}': no relay writes it");
        }

        GrowthBound.Require(model.Graph, 1);
        CategoryEncoder?[] encoders =
            [.. schema.Inputs.Select(input => input.Type is ColumnType.Category ? EncoderOf(model.Graph, input.Name) : null)];
        FeatureEncoder encoder = FeatureEncoder.Create(schema.Inputs.Select(input => input.Name), encoders);
        IReadOnlyList<(int Feature, float Threshold)> thresholds =
            ArtifactThresholds.Find(model.Graph, [.. schema.Inputs.Select(input => input.Name)]);
        ArtifactModel artifact = new(description, encoder.Encodings, model, job.File, thresholds);
        return new ImportedModel(ImportFormat.Artifact, artifact, new ArtifactProof(artifact), [])
        {
            Encoder = encoder,
            DataDigest = description.DataDigest,
        };
    }

    // The spec names columns and classes for readers of the version: they are those of the file.
    private static void RequireSpec(ModelSpec spec, ModelSchema schema)
    {
        if (schema.Task is ModelTask.Scaling)
        {
            throw new TrainingException(
                TrainingFault.InvalidSpec, "spec: a scaler is not imported, because its figures are of its training rows; train it on the relay");
        }

        IReadOnlyList<string> classes = spec.Task is ModelTask.Classification && spec.Label.Groups.Count > 0
            ? [.. spec.Label.Groups.Keys]
            : schema.Classes;
        ModelSchema expected = new([.. spec.Features.Select(c => c with { Encoding = null })], classes,
            spec.Task is ModelTask.AnomalyDetection ? schema.Benign : spec.Label.Benign)
        { Task = spec.Task };
        if (SchemaComparison.FindDifferences(expected, schema) is { Count: > 0 } differences)
        {
            throw new TrainingException(
                TrainingFault.InvalidSpec, $"spec: the model is of another spec, {SchemaComparison.Join(differences)}; give the spec of its card");
        }
    }

    // Codes or statistics: each of the encoders that read the column has its texts in code order, and no value for what is missing.
    private static CategoryEncoder EncoderOf(GraphProto graph, string input)
    {
        NodeProto[] readers = ReadersOf(graph, input);
        string[]? texts = null;
        bool isOurs = readers.Length > 0 && readers.All(node => node.OpType == OnnxNames.LabelEncoder);
        foreach (OperatorAttributes attributes in isOurs ? readers.Select(node => new OperatorAttributes(node)) : [])
        {
            string[] own = [.. attributes.Texts("keys_strings").Select(text => text.ToStringUtf8())];
            ReadOnlySpan<float> values = attributes.Floats("values_floats");
            isOurs &= own.Length > 0 && own.Length == values.Length && own[0].Length == 0 && float.IsNaN(values[0])
                && attributes.Float("default_float") is { } missing && float.IsNaN(missing)
                && (texts is null ? own.Distinct(StringComparer.Ordinal).Count() == own.Length : texts.SequenceEqual(own, StringComparer.Ordinal));
            texts ??= own;
        }

        return isOurs
            ? CategoryEncoder.FromCategories(texts!.Skip(1))
            : throw Refuse($"the texts of column '{input}' are not encoded as a relay encodes them");
    }

    private static NodeProto[] ReadersOf(GraphProto graph, string input) => [.. graph.Node.Where(node => node.Input.Contains(input))];

    private static TrainingException Refuse(string why) => new(TrainingFault.InvalidModelFile, $"model of a relay: {why}");
}

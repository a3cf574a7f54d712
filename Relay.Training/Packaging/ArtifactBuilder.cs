using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Shared.Contracts;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training.Packaging;

/// <summary>Writes a graph and its metadata into one file, and proves the file before it is returned.</summary>
public static class ArtifactBuilder
{
    /// <summary>Builds the finished file. The same arguments give the same bytes: nothing in it depends on time or machine.</summary>
    /// <exception cref="TrainingException">InvalidGraph or GoldenFailed: the file does not hold what it promises.</exception>
    public static byte[] Build(ModelProto graph, ArtifactDescription description)
    {
        (byte[] artifact, ArtifactDescription read) = BuildUnproved(graph, description);
        GoldenCheck.Require(artifact, read.Golden, read.Schema);
        return artifact;
    }

    /// <summary>Builds the file and reads it as a node does, without running it.</summary>
    /// <returns>The file, and what it says of itself: the golden vectors have gone their way through JSON.</returns>
    /// <exception cref="TrainingException">InvalidGraph: no node would take the file.</exception>
    internal static (byte[] Artifact, ArtifactDescription Read) BuildUnproved(ModelProto graph, ArtifactDescription description)
    {
        byte[] artifact = Write(graph, description);
        Result<ArtifactDescription> verdict = ArtifactInspector.Inspect(artifact, description.Name);
        if (!verdict.IsAccepted)
        {
            throw new TrainingException(TrainingFault.InvalidGraph, $"{verdict.Refusal.Reason}: {verdict.Refusal.Detail}");
        }

        return (artifact, verdict.Value);
    }

    /// <summary>The file without the proof.</summary>
    public static byte[] Write(ModelProto graph, ArtifactDescription description)
    {
        ModelProto model = graph.Clone();
        model.ModelVersion = description.Version;
        model.MetadataProps.Clear();
        Add(ModelMetadataKeys.Name, description.Name);
        Add(ModelMetadataKeys.Version, description.Version.ToString(CultureInfo.InvariantCulture));
        Add(ModelMetadataKeys.Schema, description.Schema.ToJson());
        Add(ModelMetadataKeys.SchemaHash, description.SchemaHash);
        Add(ModelMetadataKeys.DataDigest, description.DataDigest);
        Add(ModelMetadataKeys.Metrics, description.Metrics is { } m ? JsonSerializer.Serialize(m, ModelJson.Default.ModelMetrics) : null);
        Add(ModelMetadataKeys.Offset, description.Offset?.ToString("R", CultureInfo.InvariantCulture));
        Add(ModelMetadataKeys.Samples, description.Samples is { } s ? JsonSerializer.Serialize(s, ModelJson.Default.SampleConsent) : null);
        Add(ModelMetadataKeys.Golden, JsonSerializer.Serialize(description.Golden, ModelJson.Default.GoldenVectors));
        return model.ToByteArray();

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
            }
        }
    }
}

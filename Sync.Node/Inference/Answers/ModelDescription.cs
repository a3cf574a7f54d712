using System.Globalization;
using System.Reflection;
using Shared.Contracts.Models;
using Sync.Client;

namespace Sync.Node.Inference.Answers;

/// <summary>What the protocol calls the metadata of a model.</summary>
internal sealed record ModelDescription(
    string Name, IReadOnlyList<string> Versions, string Platform, IReadOnlyList<TensorDescription> Inputs, IReadOnlyList<TensorDescription> Outputs)
{
    /// <summary>A number of rows that the caller chooses.</summary>
    private const long Any = -1;

    public static ModelDescription Create(ActiveModelVersion version)
    {
        ModelSchema schema = version.Schema;
        TensorDescription[] outputs = [new(schema.NumericOutput, "FP32", [Any, schema.OutputWidth])];
        return new(
            version.Name, [version.Version.ToString(CultureInfo.InvariantCulture)],
            version.Scorer is ScorerKind.Managed ? "relay_managed" : "onnxruntime_onnx",
            [.. schema.Inputs.Select(i => new TensorDescription(i.Name, i.Type is ColumnType.Category ? "BYTES" : "FP32", [Any, 1]))],
            schema.HasLabels ? [new(ModelSchema.LabelOutput, "BYTES", [Any]), .. outputs] : outputs);
    }
}

/// <param name="Shape">-1 stands for the number of rows.</param>
internal sealed record TensorDescription(string Name, string Datatype, IReadOnlyList<long> Shape);

/// <summary>What the protocol calls the metadata of the server.</summary>
internal static class ServerDescription
{
    public const string Name = "relay-node";

    public static string Version { get; } =
        typeof(ServerDescription).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static IReadOnlyList<string> Extensions { get; } = ["binary_tensor_data"];
}

using Relay.Training.Export;
using Relay.Training.Packaging;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Demo;

/// <summary>A version in good order that gives every row the same label: its trees add nothing, and its golden vectors are its own answers. No
/// check of the file finds that; only its use shows it.</summary>
internal static class MisjudgingVersion
{
    /// <summary>A copy of an artifact with another number and one answer for all rows.</summary>
    /// <param name="label">A class of the model.</param>
    public static byte[] Create(byte[] artifact, int number, string label)
    {
        ArtifactDescription description = ArtifactInspector.Inspect(artifact, "version").ValueOrThrow();
        ModelSchema schema = description.Schema;
        ModelProto model = ModelProto.Parser.ParseFrom(artifact);
        foreach (NodeProto trees in model.Graph.Node.Where(node => node.OpType == OnnxNames.TreeEnsembleRegressor))
        {
            Replace(Attribute(trees, "target_weights"), _ => 0);
            Replace(Attribute(trees, "base_values"), output => BaseOf(schema.Classes, label, output, Attribute(trees, "base_values").Floats.Count));
        }

        using OnnxSession session = new(ArtifactBuilder.Write(model, description), schema);
        GoldenVectors golden = GoldenCheck.Answer(session, GoldenRowBuilder.Columns(description.Golden, schema), description.Golden.Rows, schema);
        return ArtifactBuilder.Build(model, description with { Version = number, Golden = golden });
    }

    // A model of two classes may have one output, which is for the second class.
    private static float BaseOf(IReadOnlyList<string> classes, string label, int output, int outputs) =>
        outputs == 1 ? (classes[1] == label ? 1 : -1) : (classes[output] == label ? 1 : 0);

    private static AttributeProto Attribute(NodeProto node, string name) => node.Attribute.Single(attribute => attribute.Name == name);

    private static void Replace(AttributeProto attribute, Func<int, float> value)
    {
        for (int i = 0; i < attribute.Floats.Count; i++)
        {
            attribute.Floats[i] = value(i);
        }
    }
}

using Google.Protobuf.Collections;
using Relay.Training.Export;
using Relay.Training.Packaging;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Demo;

/// <summary>A version in good order that gives every row the same label: each leaf of its trees votes for that one, and its golden vectors are its
/// own answers. No check of the file finds that; only its use shows it.</summary>
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
            VoteFor(schema.Classes.ToList().IndexOf(label), trees);
        }

        using OnnxSession session = new(ArtifactBuilder.Write(model, description), schema);
        GoldenVectors golden = GoldenCheck.Answer(session, GoldenRowBuilder.Columns(description.Golden, schema), description.Golden.Rows, schema);
        return ArtifactBuilder.Build(model, description with { Version = number, Golden = golden });
    }

    private static void VoteFor(int label, NodeProto trees)
    {
        int outputs = Attribute(trees, "base_values").Floats.Count;
        (long Tree, long Node)[] leaves = [.. Attribute(trees, "target_treeids").Ints.Zip(Attribute(trees, "target_nodeids").Ints).Distinct()];
        int count = leaves.DistinctBy(leaf => leaf.Tree).Count();

        // A model of two classes may have one output, which is for the second class.
        (int output, float vote) = outputs > 1 ? (label, 1) : (0, label == 1 ? 1 : -1);
        Set(Attribute(trees, "target_treeids").Ints, leaves.Select(leaf => leaf.Tree));
        Set(Attribute(trees, "target_nodeids").Ints, leaves.Select(leaf => leaf.Node));
        Set(Attribute(trees, "target_ids").Ints, leaves.Select(_ => (long)output));
        Set(Attribute(trees, "target_weights").Floats, leaves.Select(_ => vote / count));
        Set(Attribute(trees, "base_values").Floats, Enumerable.Repeat(0f, outputs));
    }

    private static AttributeProto Attribute(NodeProto node, string name) => node.Attribute.Single(attribute => attribute.Name == name);

    private static void Set<T>(RepeatedField<T> list, IEnumerable<T> values)
    {
        list.Clear();
        list.AddRange(values);
    }
}

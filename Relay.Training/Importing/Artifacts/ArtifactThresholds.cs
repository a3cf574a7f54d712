using Shared.Contracts.Onnx;

namespace Relay.Training.Importing.Artifacts;

/// <summary>The thresholds of an artifact's trees in the values of its inputs, also behind its scaler.</summary>
internal static class ArtifactThresholds
{
    /// <summary>Feature and threshold, each pair once.</summary>
    /// <param name="featureOf">Per column that trees compare, its input.</param>
    public static IReadOnlyList<(int Feature, float Threshold)> Find(GraphProto graph, int[] featureOf)
    {
        OperatorAttributes? scaler = graph.Node.FirstOrDefault(node => node.OpType == OnnxNames.Scaler) is { } node
            ? new OperatorAttributes(node)
            : null;
        float[] offset = [.. scaler is null ? [] : scaler.Floats("offset")];
        float[] scale = [.. scaler is null ? [] : scaler.Floats("scale")];
        HashSet<(int, float)> found = [];
        foreach (NodeProto trees in graph.Node.Where(n => n.OpType.StartsWith("TreeEnsemble", StringComparison.Ordinal)))
        {
            OperatorAttributes attributes = new(trees);
            IReadOnlyList<long> of = attributes.Integers("nodes_featureids");
            ReadOnlySpan<float> values = attributes.Floats(trees.OpType == OnnxNames.TreeEnsemble ? "nodes_splits" : "nodes_values");
            IReadOnlyList<Google.Protobuf.ByteString> modes = trees.OpType == OnnxNames.TreeEnsemble ? [] : attributes.Texts("nodes_modes");
            for (int i = 0; i < Math.Min(of.Count, values.Length); i++)
            {
                bool isLeaf = modes.Count > i && modes[i].Span.SequenceEqual("LEAF"u8);
                if (!isLeaf && of[i] >= 0 && of[i] < featureOf.Length)
                {
                    int column = (int)of[i];
                    float threshold = (values[i] / At(scale, column, 1)) + At(offset, column, 0);
                    if (float.IsFinite(threshold))
                    {
                        found.Add((featureOf[column], threshold));
                    }
                }
            }
        }

        return [.. found.Order()];
    }

    private static float At(float[] list, int feature, float none) => list.Length == 0 ? none : list[Math.Min(feature, list.Length - 1)];
}

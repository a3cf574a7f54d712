using Shared.Contracts.Onnx;

namespace Relay.Training.Importing.Artifacts;

/// <summary>The thresholds of an artifact's trees in the values of its inputs, also behind its scaler and encoders.</summary>
internal static class ArtifactThresholds
{
    private const int MaxColumns = 1 << 16;

    /// <summary>Feature and threshold, each pair once.</summary>
    /// <param name="inputs">In the order of the schema.</param>
    public static IReadOnlyList<(int Feature, float Threshold)> Find(GraphProto graph, IReadOnlyList<string> inputs)
    {
        Dictionary<string, int[]> columns = inputs.Index().ToDictionary(i => i.Item, i => (int[])[i.Index], StringComparer.Ordinal);
        float[] offset = [];
        float[] scale = [];
        HashSet<(int, float)> found = [];
        foreach (NodeProto node in graph.Node)
        {
            if (node.Output.Count == 0 || !node.Input.All(columns.ContainsKey))
            {
                continue;
            }

            int[] read = [.. node.Input.SelectMany(i => columns[i])];
            OperatorAttributes attributes = new(node);
            if (node.OpType.StartsWith("TreeEnsemble", StringComparison.Ordinal))
            {
                Add(found, node.OpType, attributes, read, offset, scale);

                // An ensemble over one input tells on which side of sets it is, which is 0 or 1 and has no thresholds of its own.
                read = read is [_] ? [.. Enumerable.Repeat(-1, (int)Math.Clamp(attributes.Integer("n_targets") ?? 1, 0, MaxColumns))] : [];
            }
            else if (node.OpType == OnnxNames.Scaler)
            {
                offset = [.. attributes.Floats("offset")];
                scale = [.. attributes.Floats("scale")];
            }
            else if (node.OpType is not ("Concat" or OnnxNames.LabelEncoder))
            {
                continue;
            }

            columns[node.Output[0]] = read;
        }

        return [.. found.Order()];
    }

    private static void Add(
        HashSet<(int, float)> found, string operation, OperatorAttributes attributes, int[] read, float[] offset, float[] scale)
    {
        IReadOnlyList<long> of = attributes.Integers("nodes_featureids");
        ReadOnlySpan<float> values = attributes.Floats(operation == OnnxNames.TreeEnsemble ? "nodes_splits" : "nodes_values");
        IReadOnlyList<Google.Protobuf.ByteString> modes = operation == OnnxNames.TreeEnsemble ? [] : attributes.Texts("nodes_modes");
        for (int i = 0; i < Math.Min(of.Count, values.Length); i++)
        {
            bool isLeaf = modes.Count > i && modes[i].Span.SequenceEqual("LEAF"u8);
            if (!isLeaf && of[i] >= 0 && of[i] < read.Length && read[of[i]] >= 0)
            {
                int column = (int)of[i];
                float threshold = (values[i] / At(scale, column, 1)) + At(offset, column, 0);
                if (float.IsFinite(threshold))
                {
                    found.Add((read[column], threshold));
                }
            }
        }
    }

    private static float At(float[] list, int feature, float none) => list.Length == 0 ? none : list[Math.Min(feature, list.Length - 1)];
}

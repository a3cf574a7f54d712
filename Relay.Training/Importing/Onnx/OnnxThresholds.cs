using Shared.Contracts.Onnx;

namespace Relay.Training.Importing.Onnx;

/// <summary>The thresholds of a graph's trees in the values of its inputs, also behind a scaler.</summary>
internal static class OnnxThresholds
{
    /// <summary>Feature and threshold, each pair once.</summary>
    public static IReadOnlyList<(int Feature, float Threshold)> Find(OnnxSource source)
    {
        Dictionary<string, NodeProto> producer = new(StringComparer.Ordinal);
        foreach (NodeProto node in source.Model.Graph.Node)
        {
            producer[node.Output[0]] = node;
        }

        HashSet<(int, float)> found = [];
        foreach (NodeProto trees in source.Model.Graph.Node.Where(n => n.OpType.StartsWith("TreeEnsemble", StringComparison.Ordinal)))
        {
            Func<int, float, float>? toInput = Trace(source, producer, trees.Input[0]);
            OperatorAttributes attributes = new(trees);
            IReadOnlyList<long> features = attributes.Integers("nodes_featureids");
            ReadOnlySpan<float> values = attributes.Floats(trees.OpType == OnnxNames.TreeEnsemble ? "nodes_splits" : "nodes_values");
            IReadOnlyList<Google.Protobuf.ByteString> modes = trees.OpType == OnnxNames.TreeEnsemble ? [] : attributes.Texts("nodes_modes");
            for (int i = 0; toInput is not null && i < features.Count && i < values.Length; i++)
            {
                bool isLeaf = modes.Count > i && modes[i].Span.SequenceEqual("LEAF"u8);
                float threshold = isLeaf ? float.NaN : toInput((int)features[i], values[i]);
                if (float.IsFinite(threshold))
                {
                    found.Add(((int)features[i], threshold));
                }
            }
        }

        return [.. found.Order()];
    }

    // Null where the trees do not read the columns of the inputs one to one.
    private static Func<int, float, float>? Trace(OnnxSource source, Dictionary<string, NodeProto> producer, string tensor)
    {
        Func<int, float, float> toInput = (_, value) => value;
        for (int steps = 0; producer.TryGetValue(tensor, out NodeProto? node); steps++)
        {
            switch (node.OpType)
            {
                case "Cast" or "Identity" when steps < 16:
                    break;
                case "Concat" or "FeatureVectorizer" when node.Input.SequenceEqual(source.Inputs.Select(i => i.Name)):
                    return toInput;
                case OnnxNames.Scaler when steps < 16:
                    OperatorAttributes attributes = new(node);
                    float[] offset = [.. attributes.Floats("offset")];
                    float[] scale = [.. attributes.Floats("scale")];
                    Func<int, float, float> after = toInput;
                    toInput = (f, value) => (after(f, value) / At(scale, f, 1)) + At(offset, f, 0);
                    break;
                default:
                    return null;
            }

            tensor = node.Input[0];
        }

        return source.IsMatrix && tensor == source.Inputs[0].Name ? toInput : null;
    }

    private static float At(float[] list, int feature, float none) => list.Length == 0 ? none : list[Math.Min(feature, list.Length - 1)];
}

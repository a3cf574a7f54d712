using Shared.Contracts.Onnx;

namespace Relay.Training.Importing.Onnx;

/// <summary>Which operators the tensors of a graph come from.</summary>
internal sealed class OnnxProducers
{
    /// <summary>Operators that prepare columns, which outputs that have nothing to do with each other may share.</summary>
    private static readonly HashSet<string> Preparing = new(StringComparer.Ordinal)
    {
        "Identity", "Cast", "Concat", "FeatureVectorizer", "Scaler", "Imputer", "Normalizer", "Reshape", "Constant",
    };

    private readonly Dictionary<string, NodeProto> _byTensor = new(StringComparer.Ordinal);

    public OnnxProducers(GraphProto graph)
    {
        foreach (NodeProto node in graph.Node)
        {
            foreach (string name in node.Output)
            {
                _byTensor[name] = node;
            }
        }
    }

    /// <summary>Null for an input and a constant.</summary>
    public NodeProto? Find(string tensor) => _byTensor.GetValueOrDefault(tensor);

    /// <summary>Whether a tensor is an input, or a constant, that is given back as it is.</summary>
    public bool IsInput(string tensor)
    {
        while (Find(tensor) is { } node)
        {
            if (node.OpType is not ("Identity" or "Cast") || node.Input.Count != 1)
            {
                return false;
            }

            tensor = node.Input[0];
        }

        return true;
    }

    /// <summary>Whether an operator computes both tensors that does more than to prepare columns.</summary>
    public bool ShareModel(string first, string second) =>
        Ancestors(first).Intersect(Ancestors(second)).Any(node => !Preparing.Contains(node.OpType));

    private HashSet<NodeProto> Ancestors(string tensor)
    {
        HashSet<NodeProto> found = new(ReferenceEqualityComparer.Instance);
        Stack<string> open = new([tensor]);
        while (open.TryPop(out string? next))
        {
            if (Find(next) is { } node && found.Add(node))
            {
                foreach (string input in node.Input)
                {
                    open.Push(input);
                }
            }
        }

        return found;
    }
}

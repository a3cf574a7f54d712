using Shared.Contracts.Onnx;

namespace Relay.WebConsole.Models.Graphs;

/// <summary>The operators of a graph by how far they are from its inputs. Operators of one kind in one layer are one group: columns are encoded
/// alike.</summary>
internal sealed class GraphLayers
{
    private readonly Dictionary<string, int> _layers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OperatorGroup> _producers = new(StringComparer.Ordinal);
    private readonly List<OperatorGroup> _groups = [];

    private GraphLayers()
    {
    }

    /// <summary>From the inputs on.</summary>
    public IReadOnlyList<OperatorGroup> Groups => _groups;

    public static GraphLayers Read(GraphProto graph)
    {
        GraphLayers layers = new();
        HashSet<string> constants = graph.Initializer.Select(constant => constant.Name).ToHashSet(StringComparer.Ordinal);
        foreach (ValueInfoProto input in graph.Input.Where(input => !constants.Contains(input.Name)))
        {
            layers._layers[input.Name] = 0;
        }

        // Operators stand behind what they read. One that reads constants alone is a constant, too.
        foreach (NodeProto node in graph.Node.Where(node => node.Input.Any(layers._layers.ContainsKey)))
        {
            layers.Add(node);
        }

        layers._groups.Sort((a, b) => a.Layer.CompareTo(b.Layer));
        return layers;
    }

    /// <summary>The groups that compute these values.</summary>
    public IEnumerable<OperatorGroup> ProducersOf(IEnumerable<string> values) =>
        values.Where(_producers.ContainsKey).Select(value => _producers[value]).Distinct();

    private void Add(NodeProto node)
    {
        int layer = 1 + node.Input.Where(_layers.ContainsKey).Max(input => _layers[input]);
        string name = node.Domain.Length == 0 || node.Domain == OnnxNames.MachineLearning ? node.OpType : $"{node.Domain}.{node.OpType}";
        OperatorGroup? group = _groups.FirstOrDefault(known => known.Layer == layer && known.Operator == name);
        if (group is null)
        {
            group = new OperatorGroup(name, layer);
            _groups.Add(group);
        }

        group.Nodes.Add(node);
        foreach (string output in node.Output.Where(output => output.Length > 0))
        {
            _layers[output] = layer;
            _producers[output] = group;
        }
    }
}

/// <summary>Operators of one kind in one layer.</summary>
internal sealed class OperatorGroup(string name, int layer)
{
    public string Operator { get; } = name;

    public int Layer { get; } = layer;

    public List<NodeProto> Nodes { get; } = [];
}

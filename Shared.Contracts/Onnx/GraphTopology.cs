namespace Shared.Contracts.Onnx;

/// <summary>Checks that every reader understands a graph alike: no name is defined twice, and every operator uses only values
/// that are defined before it.</summary>
internal static class GraphTopology
{
    public static string? FindError(ModelProto model)
    {
        if (model.Graph is not { } graph)
        {
            return "no graph";
        }

        if (model.OpsetImport.Select(o => o.Domain).Distinct(StringComparer.Ordinal).Count() != model.OpsetImport.Count)
        {
            return "an operator set is given twice";
        }

        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (string name in graph.Input.Select(i => i.Name).Concat(graph.Initializer.Select(i => i.Name)))
        {
            if (name.Length == 0 || !known.Add(name))
            {
                return $"input or constant '{name}' has no name, or is given twice";
            }
        }

        foreach (NodeProto node in graph.Node)
        {
            if (FindNodeError(node, known) is { } error)
            {
                return $"operator {node.OpType}: {error}";
            }
        }

        return graph.Output.FirstOrDefault(o => !known.Contains(o.Name)) is { } output
            ? $"output '{output.Name}' that no operator computes"
            : null;
    }

    private static string? FindNodeError(NodeProto node, HashSet<string> known)
    {
        // An input without a name is an optional one that is absent.
        if (node.Input.FirstOrDefault(i => i.Length > 0 && !known.Contains(i)) is { } input)
        {
            return $"input '{input}' that is not defined before it";
        }

        if (node.Output.FirstOrDefault(o => o.Length > 0 && !known.Add(o)) is { } output)
        {
            return $"output '{output}' is defined twice";
        }

        return node.Attribute.Select(a => a.Name).Distinct(StringComparer.Ordinal).Count() != node.Attribute.Count
            ? "an attribute is given twice"
            : null;
    }
}

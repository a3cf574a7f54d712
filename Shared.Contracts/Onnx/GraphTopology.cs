namespace Shared.Contracts.Onnx;

/// <summary>Checks that a graph is one that every reader understands alike: nothing stands twice, and every operator uses
/// only what stands before it.</summary>
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
            return "an operator set stands twice";
        }

        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (string name in graph.Input.Select(i => i.Name).Concat(graph.Initializer.Select(i => i.Name)))
        {
            if (name.Length == 0 || !known.Add(name))
            {
                return $"input or constant '{name}' without a name or twice";
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
            ? $"output '{output.Name}' that no operator gives"
            : null;
    }

    private static string? FindNodeError(NodeProto node, HashSet<string> known)
    {
        // An input without a name is an optional one left out.
        if (node.Input.FirstOrDefault(i => i.Length > 0 && !known.Contains(i)) is { } input)
        {
            return $"input '{input}' that nothing before it gives";
        }

        if (node.Output.FirstOrDefault(o => o.Length > 0 && !known.Add(o)) is { } output)
        {
            return $"output '{output}' stands twice";
        }

        return node.Attribute.Select(a => a.Name).Distinct(StringComparer.Ordinal).Count() != node.Attribute.Count
            ? "an attribute stands twice"
            : null;
    }
}

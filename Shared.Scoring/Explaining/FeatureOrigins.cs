using Shared.Contracts.Onnx;

namespace Shared.Scoring.Explaining;

/// <summary>Finds the input that each column of a tensor comes from, going back through encoders, scalers and what else handles columns
/// one by one.</summary>
/// <param name="inputs">The graph's inputs in the order of the schema.</param>
/// <param name="widthOf">Columns of a tensor; null where the managed scorer cannot tell.</param>
internal sealed class FeatureOrigins(GraphProto graph, IReadOnlyList<string> inputs, Func<string, int?> widthOf)
{
    /// <returns>Per column the place of its input, or null where columns are mixed.</returns>
    public int[]? Of(string tensor)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i] == tensor)
            {
                return [.. Enumerable.Repeat(i, widthOf(tensor) ?? 1)];
            }
        }

        return graph.Node.FirstOrDefault(n => n.Output.Contains(tensor)) is { } node ? Of(node, tensor) : [];
    }

    private int[]? Of(NodeProto node, string tensor)
    {
        List<int[]> from = [];
        foreach (string input in node.Input)
        {
            if (Of(input) is not { } origins)
            {
                return null;
            }

            // Constants come from nowhere.
            if (origins.Length > 0)
            {
                from.Add(origins);
            }
        }

        if (node.OpType == "Concat")
        {
            return [.. from.SelectMany(o => o)];
        }

        if (from.Count == 0)
        {
            return [];
        }

        bool isAlike = from.TrueForAll(o => o.SequenceEqual(from[0]));
        bool isOne = from.SelectMany(o => o).Distinct().Count() == 1;
        return widthOf(tensor) is not { } width ? (isOne || isAlike ? from[0] : null)
            : isOne ? [.. Enumerable.Repeat(from[0][0], width)]
            : isAlike && from[0].Length == width ? from[0]
            : null;
    }
}

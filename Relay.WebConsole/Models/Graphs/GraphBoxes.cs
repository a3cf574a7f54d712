using Relay.Cards.Plots;
using Relay.WebConsole.Components;
using Shared.Contracts.Onnx;

namespace Relay.WebConsole.Models.Graphs;

/// <summary>Makes the boxes of a picture: inputs by their kind, groups of operators, outputs. Operators that only follow each other share a
/// box.</summary>
internal static class GraphBoxes
{
    private const int MaximumNames = 3;
    private const int MaximumSteps = 4;

    public static IReadOnlyList<GraphBox> Create(GraphProto graph, GraphLayers layers)
    {
        List<GraphBox> boxes = [.. Inputs(graph, out Dictionary<string, GraphBox> byValue)];
        List<OperatorGroup[]> chains = Chain(layers, layers.ProducersOf(graph.Output.Select(output => output.Name)).ToHashSet());
        Dictionary<OperatorGroup, GraphBox> byGroup = [];
        foreach (OperatorGroup[] chain in chains)
        {
            string[] inputs = [.. chain[0].Nodes.SelectMany(node => node.Input)];
            GraphBox box = Box(
                chain,
                [
                    .. inputs.Where(byValue.ContainsKey).Select(input => byValue[input]).Distinct(),
                    .. layers.ProducersOf(inputs).Select(group => byGroup[group]).Distinct(),
                ]);
            boxes.Add(box);
            foreach (OperatorGroup group in chain)
            {
                byGroup[group] = box;
            }
        }

        int last = boxes.Count == 0 ? 0 : boxes.Max(box => box.Layer) + 1;
        boxes.AddRange(graph.Output.Select(output => new GraphBox(
            output.Name, last, [$"output, {KindOf(output)}"],
            [
                .. layers.ProducersOf([output.Name]).Select(group => byGroup[group]),
                .. byValue.TryGetValue(output.Name, out GraphBox? input) ? [input] : Array.Empty<GraphBox>(),
            ])));
        return boxes;
    }

    private static IEnumerable<GraphBox> Inputs(GraphProto graph, out Dictionary<string, GraphBox> byValue)
    {
        byValue = new(StringComparer.Ordinal);
        HashSet<string> constants = graph.Initializer.Select(constant => constant.Name).ToHashSet(StringComparer.Ordinal);
        List<GraphBox> boxes = [];
        foreach (IGrouping<string, ValueInfoProto> kind in graph.Input.Where(input => !constants.Contains(input.Name)).GroupBy(KindOf))
        {
            string[] names = [.. kind.Select(input => input.Name)];
            string first = string.Join(", ", names.Take(MaximumNames)) + (names.Length > MaximumNames ? ", …" : "");
            GraphBox box = names.Length == 1
                ? new(first, 0, [$"input, {kind.Key}"], [])
                : new($"{NumberText.Count(names.Length)} inputs", 0, [kind.Key, first], []);
            boxes.Add(box);
            foreach (string name in names)
            {
                byValue[name] = box;
            }
        }

        return boxes;
    }

    /// <summary>Groups in the order of layers; those of which each is all that reads the one before, and reads nothing else, together.</summary>
    /// <param name="ends">What computes outputs.</param>
    private static List<OperatorGroup[]> Chain(GraphLayers layers, HashSet<OperatorGroup> ends)
    {
        Dictionary<OperatorGroup, OperatorGroup[]> reads = layers.Groups.ToDictionary(
            group => group, group => layers.ProducersOf(group.Nodes.SelectMany(node => node.Input)).ToArray());
        ILookup<OperatorGroup, OperatorGroup> readers = reads.SelectMany(pair => pair.Value.Select(read => (Read: read, By: pair.Key)))
            .ToLookup(pair => pair.Read, pair => pair.By);
        List<List<OperatorGroup>> chains = [];
        foreach (OperatorGroup group in layers.Groups)
        {
            List<OperatorGroup>? before = reads[group] is [{ } read] && readers[read].Count() == 1 && !ends.Contains(read)
                && IsPlain(group) && IsPlain(read)
                ? chains.Find(chain => chain[^1] == read && chain.Count < MaximumSteps)
                : null;
            if (before is null)
            {
                chains.Add([group]);
            }
            else
            {
                before.Add(group);
            }
        }

        return [.. chains.Select(chain => chain.ToArray())];
    }

    private static bool IsPlain(OperatorGroup group) => group.Nodes.Count == 1 && !NodeDetails.Describe(group.Nodes).Any();

    private static GraphBox Box(OperatorGroup[] chain, IReadOnlyList<GraphBox> reads)
    {
        OperatorGroup first = chain[0];
        string name = first.Nodes.Count == 1 ? first.Operator : $"{NumberText.Count(first.Nodes.Count)} × {first.Operator}";
        return chain.Length == 1
            ? new GraphBox(name, first.Layer, [.. NodeDetails.Describe(first.Nodes)], reads)
            : new GraphBox(first.Operator, first.Layer, [.. chain.Skip(1).Select(group => $"then {group.Operator}")], reads);
    }

    private static string KindOf(ValueInfoProto value) =>
        (TensorProto.Types.DataType)(value.Type?.TensorType?.ElemType ?? 0) switch
        {
            TensorProto.Types.DataType.String => "texts",
            TensorProto.Types.DataType.Int64 or TensorProto.Types.DataType.Int32 => "whole numbers",
            TensorProto.Types.DataType.Bool => "true or false",
            _ => "numbers",
        };
}

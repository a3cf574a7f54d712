using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Shared.Contracts.Onnx;

namespace Relay.Training.Reproducing;

/// <summary>Names the first place at which two artifacts differ: a tensor, an attribute of a node, or an entry of the metadata.</summary>
public static class ArtifactDifference
{
    private const int Shown = 40;

    /// <returns>Null where the files are the same byte for byte.</returns>
    /// <exception cref="InvalidDataException">One of them is no ONNX file.</exception>
    public static string? Find(byte[] one, byte[] other)
    {
        if (one.AsSpan().SequenceEqual(other))
        {
            return null;
        }

        ModelProto first = Parse(one);
        ModelProto second = Parse(other);
        return FindInHead(first, second)
            ?? FindInGraph(first.Graph ?? new(), second.Graph ?? new())
            ?? FindInMetadata(first, second)
            ?? $"the encoding of the files, at byte {one.AsSpan().CommonPrefixLength(other)}";
    }

    private static ModelProto Parse(byte[] file)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(file);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or IndexOutOfRangeException or ArgumentException)
        {
            throw new InvalidDataException($"no ONNX file: {e.Message}", e);
        }
    }

    private static string? FindInHead(ModelProto first, ModelProto second)
    {
        ModelProto a = first.Clone();
        ModelProto b = second.Clone();
        foreach (ModelProto model in (ModelProto[])[a, b])
        {
            model.Graph = null;
            model.MetadataProps.Clear();
        }

        return a.Equals(b) ? null : $"the head of the file: {Cut(a.ToString())} and {Cut(b.ToString())}";
    }

    private static string? FindInGraph(GraphProto first, GraphProto second) =>
        FindFirst(first.Input, second.Input, "input", (i, _, _) => $"'{i.Name}'")
        ?? FindFirst(first.Output, second.Output, "output", (o, _, _) => $"'{o.Name}'")
        ?? FindFirst(first.Node, second.Node, "node", (n, a, b) => $"'{n.Name}' ({n.OpType}), {FindInNode(a, b)}")
        ?? FindFirst(first.Initializer, second.Initializer, "tensor", (t, _, _) => $"'{t.Name}'");

    private static string FindInNode(NodeProto first, NodeProto second) =>
        FindFirst(first.Attribute, second.Attribute, "attribute", (a, x, y) => $"'{a.Name}'{FindInAttribute(x, y)}") ?? "its inputs or outputs";

    private static string? FindInAttribute(AttributeProto first, AttributeProto second) =>
        FindNumber(first.Floats, second.Floats, v => v.ToString("R", CultureInfo.InvariantCulture))
        ?? FindNumber(first.Ints, second.Ints, v => v.ToString(CultureInfo.InvariantCulture))
        ?? FindNumber(first.Strings, second.Strings, v => $"'{Cut(v.ToStringUtf8())}'");

    private static string? FindInMetadata(ModelProto first, ModelProto second) => FindFirst(
        first.MetadataProps, second.MetadataProps, "metadata",
        (entry, a, b) =>
        {
            int at = a.Value.AsSpan().CommonPrefixLength(b.Value);
            return $"'{entry.Key}', character {at}: {Cut(a.Value[at..])} and {Cut(b.Value[at..])}";
        });

    private static string? FindFirst<T>(RepeatedField<T> first, RepeatedField<T> second, string what, Func<T, T, T, string> describe)
    {
        for (int i = 0; i < Math.Min(first.Count, second.Count); i++)
        {
            if (!first[i]!.Equals(second[i]))
            {
                return $"{what} {i} {describe(first[i], first[i], second[i])}";
            }
        }

        return first.Count == second.Count ? null : $"the number of {what}s: {first.Count} and {second.Count}";
    }

    private static string? FindNumber<T>(RepeatedField<T> first, RepeatedField<T> second, Func<T, string> text)
    {
        for (int i = 0; i < Math.Min(first.Count, second.Count); i++)
        {
            if (!first[i]!.Equals(second[i]))
            {
                return $", element {i}: {text(first[i])} and {text(second[i])}";
            }
        }

        return first.Count == second.Count ? null : $", {first.Count} and {second.Count} elements";
    }

    private static string Cut(string text) => text.Length <= Shown ? text : text[..Shown] + "...";
}

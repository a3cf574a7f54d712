using Google.Protobuf;
using Relay.AdminClient;
using Relay.Cards.Plots;
using Relay.WebConsole.Routing;
using Shared.Contracts.Onnx;

namespace Relay.WebConsole.Models.Graphs;

/// <summary>Reads the graph of a version from its file.</summary>
internal static class GraphReader
{
    /// <summary>A larger file is not read for a page.</summary>
    public const long MaximumBytes = 16 * 1024 * 1024;

    private const string File = "model.onnx";
    private const int MaximumBoxes = 40;

    /// <returns>Null where the file is too large, or is not there.</returns>
    public static async Task<ModelGraph?> FindAsync(PageRequest request, string name, int version, long bytes, CancellationToken cancellationToken)
    {
        if (bytes > MaximumBytes)
        {
            return null;
        }

        using MemoryStream file = new((int)bytes);
        try
        {
            await request.Api.Versions.DownloadFileAsync(name, version, File, file, cancellationToken);
        }
        catch (RelayException missing) when (missing.Status is not null)
        {
            return null;
        }

        return Read(file.GetBuffer().AsSpan(0, (int)file.Length));
    }

    /// <returns>Null where it is no graph.</returns>
    public static ModelGraph? Read(ReadOnlySpan<byte> onnx)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(onnx).Graph is { } graph ? Read(graph) : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static GraphOperator Describe(OperatorGroup group) =>
        new(group.Operator, group.Nodes.Count, string.Join(", ", NodeDetails.Describe(group.Nodes)));

    private static ModelGraph Read(GraphProto graph)
    {
        GraphLayers layers = GraphLayers.Read(graph);
        IReadOnlyList<GraphBox> boxes = GraphBoxes.Create(graph, layers);
        string? picture = boxes.Count > MaximumBoxes ? null : new GraphPlot(
            "The graph of the file", "From the inputs on top to the outputs; the table of operators has the same.", boxes).ToSvg("graph");
        return new(picture, [.. layers.Groups.Select(Describe)]);
    }
}

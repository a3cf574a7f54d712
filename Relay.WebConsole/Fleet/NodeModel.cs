using System.Net;
using Relay.AdminClient;
using Relay.AdminClient.Operations;
using Relay.WebConsole.Routing;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Fleet;

/// <summary>What the page of a node shows.</summary>
public sealed record NodeModel
{
    private const int Reports = 20;

    public required string Id { get; init; }

    /// <summary>Its latest report; null for a node that was removed, of which its history is left.</summary>
    public NodeView? Current { get; init; }

    /// <summary>The last reports, the newest first.</summary>
    public required IReadOnlyList<NodeView> LastReports { get; init; }

    /// <summary>What it ran, the newest first.</summary>
    public required Page<NodeIntervalView> Intervals { get; init; }

    /// <summary>Whether this is not the first page of <see cref="Intervals"/>.</summary>
    public required bool IsLater { get; init; }

    /// <exception cref="RelayException">Nothing is kept of such a node.</exception>
    internal static async Task<NodeModel> ReadAsync(PageRequest request, string id, CancellationToken cancellationToken)
    {
        // Ids are ordered: the first one that begins with the id is the node's.
        IReadOnlyList<NodeView> found = RelayName.IsValidNode(id)
            ? await request.ReadFirstAsync(
                new NodeQuery { Prefix = id }.ToPath(Routes.Nodes), 1, RelayApiJson.Default.PageNodeView, cancellationToken)
            : [];
        NodeView? current = found.FirstOrDefault(node => node.Id == id);
        return new NodeModel
        {
            Id = id,
            Current = current,
            LastReports = current is null
                ? []
                : await request.ReadFirstAsync(Routes.CheckInsOf(id), Reports, RelayApiJson.Default.PageNodeView, cancellationToken),
            Intervals = await ReadIntervalsAsync(request, id, isKnown: current is not null, cancellationToken),
            IsLater = request.Query("cursor") is not null,
        };
    }

    private static async Task<Page<NodeIntervalView>> ReadIntervalsAsync(
        PageRequest request, string id, bool isKnown, CancellationToken cancellationToken)
    {
        try
        {
            return await request.ReadPageAsync(Routes.HistoryOf(id), RelayApiJson.Default.PageNodeIntervalView, cancellationToken);
        }
        catch (RelayException unknown) when (isKnown && unknown.Status is HttpStatusCode.NotFound)
        {
            return new([], null);
        }
    }
}

using System.Globalization;
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

    /// <summary>The answer to the question of <see cref="At"/>; null where none is asked.</summary>
    public NodeHistoryAnswer? Answer { get; init; }

    /// <summary>The time of which the page asks what the node ran; null: none.</summary>
    public DateTimeOffset? At => Answer?.At;

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
                : await KnownAsync(
                    request.ReadFirstAsync(Routes.CheckInsOf(id), Reports, RelayApiJson.Default.PageNodeView, cancellationToken), [current]),
            Intervals = await KnownAsync(
                request.ReadPageAsync(Routes.HistoryOf(id), RelayApiJson.Default.PageNodeIntervalView, cancellationToken),
                current is null ? null : new([], null)),
            Answer = ReadTime(request) is { } at ? await request.Api.Nodes.FindHistoryAsync(id, at, cancellationToken) : null,
            IsLater = request.Query("cursor") is not null,
        };
    }

    /// <summary>A time without a zone is in UTC, as everywhere.</summary>
    private static DateTimeOffset? ReadTime(PageRequest request) => DateTimeOffset.TryParse(
        request.Query("at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset at)
        ? at
        : null;

    /// <summary>What is kept of a node; where nothing is, what a node that the relay knows has.</summary>
    /// <param name="otherwise">Null for a node that the relay does not know.</param>
    private static async Task<T> KnownAsync<T>(Task<T> read, T? otherwise)
        where T : class
    {
        try
        {
            return await read;
        }
        catch (RelayException unknown) when (otherwise is not null && unknown.Status is HttpStatusCode.NotFound)
        {
            return otherwise;
        }
    }
}

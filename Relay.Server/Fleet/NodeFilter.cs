using Relay.Server.Storage;

namespace Relay.Server.Fleet;

/// <summary>Which nodes to list, by their latest reports; what is null excludes none.</summary>
internal sealed record NodeFilter
{
    // After each character of an id: ids are ordered by their bytes.
    private const string AfterIds = "~";

    private const string IsBanned = "EXISTS (SELECT 1 FROM node_keys WHERE node = id AND banned_at IS NOT NULL)";

    /// <summary>What the id begins with.</summary>
    public string? Prefix { get; init; }

    public string? Channel { get; init; }

    public int? Release { get; init; }

    /// <summary>The name of a model that the node runs.</summary>
    public string? Model { get; init; }

    /// <summary>The version of that model.</summary>
    public int? Version { get; init; }

    public bool? Stale { get; init; }

    /// <summary>Whether the node has artifacts in quarantine.</summary>
    public bool? Quarantined { get; init; }

    /// <summary>Whether the report has refusals.</summary>
    public bool? Refusing { get; init; }

    public bool? Banned { get; init; }

    public DateTimeOffset? SeenSince { get; init; }

    public DateTimeOffset? NotSeenSince { get; init; }

    private bool HasColumns =>
        (Channel, Release, Stale, Quarantined) is not (null, null, null, null) || (Refusing, SeenSince, NotSeenSince) is not (null, null, null);

    /// <summary>Adds conditions on <c>nodes</c>. All columns of them are in the index <c>nodes_by_filter</c>: no report is read.</summary>
    public ListConditions AddTo(ListConditions conditions)
    {
        conditions.Add("id >= @ AND id < @", Prefix, Prefix + AfterIds)
            .Add("channel = @", Channel).Add("release = @", Release).Add("stale = @", Stale).Add("quarantined = @", Quarantined)
            .Add("refusing = @", Refusing)
            .Add("seen_at >= @", SeenSince?.ToUnixTimeMilliseconds()).Add("seen_at < @", NotSeenSince?.ToUnixTimeMilliseconds());
        if (Banned is { } banned)
        {
            // Few are banned: they are listed, and not looked for among all.
            conditions.Append(banned ? "id IN (SELECT node FROM node_keys WHERE banned_at IS NOT NULL)" : $"NOT {IsBanned}");
        }

        // Alone, the nodes of a model are listed; beside columns, which cost less to compare, it is looked for in what they leave.
        string version = Version is null ? "" : " AND version = @";
        object?[] values = Version is null ? [Model] : [Model, Version];
        return HasColumns
            ? conditions.Add($"EXISTS (SELECT 1 FROM node_models WHERE model = @{version} AND node = id)", values)
            : conditions.Add($"id IN (SELECT node FROM node_models WHERE model = @{version})", values);
    }
}

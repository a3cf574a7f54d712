using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet;

/// <summary>Which nodes to list, by their latest reports; what is null excludes none.</summary>
internal sealed record NodeFilter
{
    // After each character of an id: ids are ordered by their bytes.
    private const string AfterIds = "~";

    /// <summary>What the id begins with.</summary>
    public string? Prefix { get; init; }

    public string? Channel { get; init; }

    public int? Release { get; init; }

    /// <summary>The name of a model that the node runs.</summary>
    public string? Model { get; init; }

    public bool? Stale { get; init; }

    public bool? Banned { get; init; }

    public DateTimeOffset? SeenSince { get; init; }

    public DateTimeOffset? NotSeenSince { get; init; }

    /// <summary>What the table knows of a node.</summary>
    public ListConditions AddTo(ListConditions conditions)
    {
        conditions.Add("id >= @ AND id < @", Prefix, Prefix + AfterIds)
            .Add("seen_at >= @", SeenSince?.ToUnixTimeMilliseconds()).Add("seen_at < @", NotSeenSince?.ToUnixTimeMilliseconds());
        return Banned is { } banned ? conditions.Append(banned ? "banned_at IS NOT NULL" : "banned_at IS NULL") : conditions;
    }

    /// <summary>What only its report says.</summary>
    public bool Fits(CheckIn report) =>
        (Channel is null || report.Channel == Channel)
        && (Release is null || report.Release == Release)
        && (Stale is null || report.Stale == Stale)
        && (Model is null || report.Models.Any(active => active.Name == Model));
}

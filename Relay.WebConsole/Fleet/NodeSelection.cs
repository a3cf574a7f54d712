using System.Globalization;
using Relay.AdminClient.Operations;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Fleet;

/// <summary>Which nodes the list shows, as the address of the page says it.</summary>
public sealed record NodeSelection
{
    /// <summary>What their ids begin with.</summary>
    public string? Prefix { get; init; }

    public string? Channel { get; init; }

    public int? Release { get; init; }

    public string? Model { get; init; }

    /// <summary>The version of that model.</summary>
    public int? Version { get; init; }

    /// <summary>Whether their metadata has expired.</summary>
    public bool? Stale { get; init; }

    public bool? Quarantined { get; init; }

    /// <summary>Whether their latest reports have refusals.</summary>
    public bool? Refusing { get; init; }

    /// <summary>Whether only those that have not reported for <see cref="FleetView.SilentMinutes"/>.</summary>
    public bool Silent { get; init; }

    public bool? Banned { get; init; }

    /// <summary>Its parameters in the address; those that exclude nothing have no value.</summary>
    public IReadOnlyList<(string Name, string? Value)> Parameters =>
    [
        ("prefix", Prefix), ("channel", Channel), ("release", Release?.ToString(CultureInfo.InvariantCulture)), ("model", Model),
        ("version", Version?.ToString(CultureInfo.InvariantCulture)), ("stale", Text(Stale)), ("quarantined", Text(Quarantined)),
        ("refusing", Text(Refusing)), ("silent", Silent ? Text(true) : null), ("banned", Text(Banned)),
    ];

    public bool IsAll => Parameters.All(parameter => parameter.Value is null);

    internal static NodeSelection Read(PageRequest request) => new()
    {
        Prefix = request.Query("prefix")?.Trim(),
        Channel = request.Query("channel"),
        Release = request.Number("release"),
        Model = request.Query("model"),

        // A version is one of a model: without it, the number says nothing.
        Version = request.Query("model") is null ? null : request.Number("version"),
        Stale = request.Flag("stale"),
        Quarantined = request.Flag("quarantined"),
        Refusing = request.Flag("refusing"),
        Silent = request.Flag("silent") is true,
        Banned = request.Flag("banned"),
    };

    /// <param name="now">By the clock of the relay.</param>
    internal string ToPath(DateTimeOffset now) => new NodeQuery
    {
        Prefix = Prefix,
        Channel = Channel,
        Release = Release,
        Model = Model,
        Version = Version,
        Stale = Stale,
        Quarantined = Quarantined,
        Refusing = Refusing,

        // As they are counted: a banned node is silent because of the ban.
        Banned = Banned ?? (Silent ? false : null),
        NotSeenSince = Silent ? now - TimeSpan.FromMinutes(FleetView.SilentMinutes) : null,
    }.ToPath(Routes.Nodes);

    private static string? Text(bool? value) => value switch { true => "true", false => "false", null => null };
}

using System.Globalization;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;

namespace Relay.WebConsole.Models.Annotations;

/// <summary>What tags and a note are about.</summary>
/// <param name="Version">Null: the model itself.</param>
public sealed record AnnotationSubject(string Name, int? Version)
{
    /// <summary>Its page.</summary>
    public string Path => Version is { } version ? ConsolePaths.Version(Name, version) : ConsolePaths.Model(Name);

    /// <summary>The page on which its tags and its note are changed.</summary>
    public string EditPath => $"{Path}/annotations";

    /// <summary>The list that a tag of it filters.</summary>
    public string ListPath => Version is null ? ConsolePaths.Models : ConsolePaths.Model(Name);

    public string Title => Version is { } version ? string.Create(CultureInfo.InvariantCulture, $"{Name} version {version}") : Name;

    internal static AnnotationSubject From(PageRequest request) => new(
        request.Route("name"), request.Context.Request.RouteValues.ContainsKey("version") ? (int)request.Id("version") : null);
}

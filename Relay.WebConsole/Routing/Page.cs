using Microsoft.AspNetCore.Components;
using Relay.WebConsole.Layout;

namespace Relay.WebConsole.Routing;

/// <summary>What a page shows: a component with its parameters.</summary>
public sealed record Page(string Title, Section Section, Type Component, IReadOnlyDictionary<string, object?> Parameters)
{
    /// <summary>The status of the answer.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Whether the page changes by itself while it is open.</summary>
    public bool IsLive { get; init; }

    /// <param name="parameters">Of the component, by name.</param>
    public static Page Create<T>(string title, Section section, params IEnumerable<(string Name, object? Value)> parameters)
        where T : IComponent =>
        new(title, section, typeof(T), parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value, StringComparer.Ordinal));
}

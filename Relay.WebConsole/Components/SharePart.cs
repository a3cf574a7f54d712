namespace Relay.WebConsole.Components;

/// <summary>A part of a whole.</summary>
/// <param name="Path">The page with what is in it; null: none.</param>
public sealed record SharePart(string Name, long Count, string? Path = null);

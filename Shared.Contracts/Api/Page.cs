namespace Shared.Contracts.Api;

/// <summary>One page of a list.</summary>
/// <param name="Next">The cursor of the next page, as the query parameter <c>cursor</c>; null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

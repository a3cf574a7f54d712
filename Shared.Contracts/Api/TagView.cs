namespace Shared.Contracts.Api;

/// <summary>A short text about a model or a version, under a key: people and programs sort and filter by it. It is no part of what is
/// signed.</summary>
public sealed record TagView
{
    /// <summary>The number of characters of a key that the relay takes at most.</summary>
    public const int MaximumKey = 64;

    /// <summary>The number of characters of a value that the relay takes at most.</summary>
    public const int MaximumValue = 256;

    /// <summary>The number of tags that a model or a version has at most.</summary>
    public const int MaximumCount = 50;

    /// <summary>Letters, digits, dots, hyphens and underscores; the first is a letter or a digit.</summary>
    public required string Key { get; init; }

    /// <summary>One line; it may be empty.</summary>
    public required string Value { get; init; }

    /// <summary>When it got this value.</summary>
    public required DateTimeOffset SetAt { get; init; }

    /// <summary>The id of the API key that set it; null where the relay does not know it.</summary>
    public required string? SetBy { get; init; }
}

/// <summary>PUT: sets a tag.</summary>
/// <param name="Value">One line of at most <see cref="TagView.MaximumValue"/> characters; it may be empty.</param>
public sealed record TagRequest(string Value);

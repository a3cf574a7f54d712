namespace Shared.Contracts.Api;

/// <summary>What people wrote about a model or a version. It is no part of what is signed.</summary>
public sealed record NoteView
{
    /// <summary>The number of characters that the relay takes at most.</summary>
    public const int MaximumText = 16_384;

    /// <summary>Markdown, with \n between its lines.</summary>
    public required string Text { get; init; }

    /// <summary>When it got this text.</summary>
    public required DateTimeOffset SetAt { get; init; }

    /// <summary>The id of the API key that wrote it; null where the relay does not know it.</summary>
    public required string? SetBy { get; init; }
}

/// <summary>PUT: writes a note, in the place of the one before.</summary>
/// <param name="Text">Markdown of at most <see cref="NoteView.MaximumText"/> characters.</param>
public sealed record NoteRequest(string Text);

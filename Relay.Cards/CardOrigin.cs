using Shared.Contracts.Api;

namespace Relay.Cards;

/// <summary>What a relay knows of a version beyond its card.</summary>
/// <param name="SignatureSha256">Of the detached CMS signature.</param>
/// <param name="Steps">Who trained, published and signed, the oldest first.</param>
internal sealed record CardOrigin(long TrainingRun, DateTimeOffset CreatedAt, string SignatureSha256, IReadOnlyList<VersionStep> Steps)
{
    /// <summary>The values of tags by their keys.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>What people wrote about the version; null: nothing.</summary>
    public NoteView? Note { get; init; }
}

namespace Shared.Contracts;

/// <summary>The two kinds of names that appear in routes, target paths and options, and the one rule for each. A name of either
/// kind means the same in every URL and in every file system.</summary>
public static class RelayName
{
    /// <summary>The rule for models, channels and training engines, for messages.</summary>
    public const string Rule = "1 to 64 lower-case letters, digits and hyphens";

    /// <summary>The rule for nodes, for messages.</summary>
    public const string NodeRule = "1 to 128 letters, digits, dots, hyphens and underscores";

    private const int MaxLength = 64;
    private const int MaxNodeLength = 128;

    /// <summary>True for the name of a model, a channel or a training engine: ASCII letters in lower case, digits and hyphens, the
    /// first of them no hyphen.</summary>
    public static bool IsValid(string? text) =>
        text is { Length: > 0 and <= MaxLength } && text[0] != '-'
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>True for the id of a node: ASCII letters, digits, dots, hyphens and underscores.</summary>
    public static bool IsValidNode(string? text) =>
        text is { Length: > 0 and <= MaxNodeLength } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}

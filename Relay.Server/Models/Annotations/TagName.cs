using Shared.Contracts.Api;

namespace Relay.Server.Models.Annotations;

/// <summary>Keys of tags. Each means the same in every URL and in a filter, where <c>=</c> ends it.</summary>
internal static class TagName
{
    public const string Rule = "1 to 64 letters, digits, dots, hyphens and underscores, the first of them a letter or a digit";

    public static bool IsValid(string text) => text.Length is > 0 and <= TagView.MaximumKey && char.IsAsciiLetterOrDigit(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}

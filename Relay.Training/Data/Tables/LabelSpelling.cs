using System.Globalization;

namespace Relay.Training.Data.Tables;

/// <summary>Labels that people read as one: they differ only in case, in white space, in characters without a width, or in how accents are
/// written.</summary>
internal static class LabelSpelling
{
    /// <summary>The same text for all spellings of a label.</summary>
    public static string Fold(string label)
    {
        string visible = string.Concat(label.Where(c => char.GetUnicodeCategory(c) is not UnicodeCategory.Format));
        return string.Join(' ', LetterComposition.Compose(visible).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>One spelling of each label, the first in ordinal order without the white space around it.</summary>
    public static IReadOnlyList<string> Merge(IEnumerable<string> labels) =>
        [.. Group(labels).Select(spellings => spellings[0].Trim()).Order(StringComparer.Ordinal)];

    /// <summary>The labels by what they are read as, each group in ordinal order.</summary>
    public static IEnumerable<IReadOnlyList<string>> Group(IEnumerable<string> labels) =>
        labels.Order(StringComparer.Ordinal).GroupBy(Fold, StringComparer.Ordinal).Select(g => (IReadOnlyList<string>)[.. g]);
}

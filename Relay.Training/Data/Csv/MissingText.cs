namespace Relay.Training.Data.Csv;

/// <summary>Texts that programs write for a missing value or for what is no number.</summary>
internal static class MissingText
{
    private static readonly HashSet<string> Texts = new(StringComparer.OrdinalIgnoreCase)
    {
        "na", "n/a", "nan", "null", "<na>", "?", "-", "inf", "-inf", "infinity", "-infinity",
    };

    public static bool Looks(string text) => Texts.Contains(text.Trim());
}

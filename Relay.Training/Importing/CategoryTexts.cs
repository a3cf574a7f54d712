using System.Text.Json;

namespace Relay.Training.Importing;

/// <summary>The texts that a file lists for the codes of a category, from code 0 on.</summary>
internal static class CategoryTexts
{
    /// <summary>Of one list.</summary>
    private const int MaxTexts = 100_000;

    /// <summary>Reads a list of texts or whole numbers; what is written in more than one way elsewhere is not guessed.</summary>
    /// <param name="place">For messages: which list.</param>
    /// <exception cref="TrainingException">With InvalidModelFile.</exception>
    public static string[] Read(JsonElement list, string place)
    {
        if (list.ValueKind is not JsonValueKind.Array || list.GetArrayLength() > MaxTexts)
        {
            throw Refuse(place, $"expected a list of at most {MaxTexts} texts");
        }

        return Require([.. list.EnumerateArray().Select((value, code) => Text(value, $"{place}, category {code}"))], place);
    }

    /// <exception cref="TrainingException">With InvalidModelFile: too many texts, an empty one, or one that is there twice.</exception>
    public static string[] Require(string[] texts, string place)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        for (int code = 0; code < texts.Length; code++)
        {
            if (texts[code].Length == 0)
            {
                throw Refuse(place, $"category {code} has an empty text, which counts as a missing value here; give it a name before training");
            }

            if (!known.Add(texts[code]))
            {
                throw Refuse(place, $"category {code}: the text '{texts[code]}' is there twice");
            }
        }

        return texts.Length <= MaxTexts ? texts : throw Refuse(place, $"{texts.Length} texts, at most {MaxTexts}");
    }

    private static string Text(JsonElement value, string place)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                try
                {
                    return value.GetString()!;
                }
                catch (InvalidOperationException)
                {
                    throw Refuse(place, "the text is no Unicode");
                }

            case JsonValueKind.Number when value.TryGetInt64(out long number):
                return number.ToString(System.Globalization.CultureInfo.InvariantCulture);
            default:
                throw Refuse(
                    place,
                    $"{Shown(value.GetRawText())} can be written in several ways; expected texts or whole numbers: convert the column before "
                    + "training");
        }
    }

    private static string Shown(string text) => text.Length > 40 ? text[..40] : text;

    private static TrainingException Refuse(string place, string why) => new(TrainingFault.InvalidModelFile, $"model file: {place}: {why}");
}

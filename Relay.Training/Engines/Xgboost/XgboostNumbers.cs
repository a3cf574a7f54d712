using System.Buffers;

namespace Relay.Training.Engines.Xgboost;

/// <summary>XGBoost writes NaN where JSON has no word for it: as the threshold of a split by a set of categories.</summary>
internal static class XgboostNumbers
{
    /// <summary>The same file with each NaN outside of texts as a text.</summary>
    public static ReadOnlySpan<byte> QuoteNaN(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("NaN"u8) < 0)
        {
            return json;
        }

        ArrayBufferWriter<byte> quoted = new(json.Length + 1024);
        while (!json.IsEmpty)
        {
            int at = json.IndexOfAny((byte)'"', (byte)'N');
            int taken = at < 0 ? json.Length
                : json[at] == '"' ? at + LengthOfText(json[at..])
                : json[at..].StartsWith("NaN"u8) ? at
                : at + 1;
            quoted.Write(json[..taken]);
            json = json[taken..];
            if (json.StartsWith("NaN"u8))
            {
                quoted.Write("\"NaN\""u8);
                json = json["NaN".Length..];
            }
        }

        return quoted.WrittenSpan;
    }

    // With both quotation marks; a text without end is left to the parser.
    private static int LengthOfText(ReadOnlySpan<byte> text)
    {
        for (int i = 1; i < text.Length; i++)
        {
            int step = text[i..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0)
            {
                break;
            }

            i += step;
            if (text[i] == '"')
            {
                return i + 1;
            }

            // The character behind a backslash is no end.
            i++;
        }

        return text.Length;
    }
}

using System.Text;
using System.Text.Json;

namespace Relay.TestKit.Fuzz;

/// <summary>Changes that keep most of a JSON text whole: values, members and their names, white space and escapes.</summary>
public static class JsonMutator
{
    private static readonly byte[][] Values =
    [
        .. ((string[])
        [
            "null", "true", "-1", "0", "1", "2", "1.0", "1e0", "1e999", "-0", "9223372036854775807", "9223372036854775808", "\"\"", "[]",
            "{}", "\"\\ud800\"", "\"\\u0000\"", "\"../../x\"", "\"ecdsa-sha2-nistp256\"", "\"2030-01-15T12:00:00Z\"", "\"\u00e9\"", "[null]",
            "{\"a\":1,\"a\":2}", "nan", "01", "// comment\n1", "\"" + new string('a', 3000) + "\"",
            new string('[', 3000), new string('[', 60) + new string(']', 60),
        ]).Select(Encoding.UTF8.GetBytes),
    ];

    public static byte[] Apply(byte[] input, Mutation mutation)
    {
        List<(Range Whole, Range Value)> places = Places(input);
        if (places.Count == 0 || mutation.Kind % 4 == 0)
        {
            return ByteMutator.Apply(input, mutation with { Kind = mutation.Kind / 4 });
        }

        (Range whole, Range value) = places[mutation.At % places.Count];
        (Range otherWhole, Range otherValue) = places[mutation.With % places.Count];
        return (mutation.Kind / 4 % 8) switch
        {
            0 => Replace(input, value, mutation.Pick(Values)),
            1 => Replace(input, value, input[otherValue]),
            2 => Replace(input, whole, [.. input[whole], (byte)',', .. input[whole]]),
            3 => Replace(input, whole, [.. input[whole], (byte)',', .. input[otherWhole]]),
            4 => Replace(input, whole, []),
            5 => Replace(input, value, [(byte)' ', (byte)'\n', .. input[value], (byte)'\t']),
            6 => Replace(input, value, Escape(input[value])),
            _ => Replace(input, whole, [.. "\"more\":{\"x\":[1]},"u8, .. input[whole]]),
        };
    }

    /// <summary>Every value, and with it the whole member where it is one.</summary>
    private static List<(Range Whole, Range Value)> Places(byte[] input)
    {
        List<(Range, Range)> places = [];
        Stack<(int Whole, int Value)> open = [];
        Utf8JsonReader reader = new(input, new JsonReaderOptions { MaxDepth = 5000 });
        int name = -1;
        try
        {
            while (reader.Read())
            {
                int start = (int)reader.TokenStartIndex;
                int end = (int)reader.BytesConsumed;
                int whole = name < 0 ? start : name;
                name = -1;
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        name = start;
                        break;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push((whole, start));
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        (int openWhole, int openValue) = open.Pop();
                        places.Add((openWhole..end, openValue..end));
                        break;
                    default:
                        places.Add((whole..end, start..end));
                        break;
                }
            }
        }
        catch (JsonException)
        {
            // An earlier change broke the text: what stands before that place is still there to be changed.
            return places;
        }

        return places;
    }

    // The first letter of a string in its other spelling, which means the same.
    private static byte[] Escape(byte[] value) => value is [(byte)'"', >= (byte)'a' and <= (byte)'z' and byte letter, .. byte[] rest]
        ? [.. Encoding.ASCII.GetBytes($"\"\\u{(int)letter:x4}"), .. rest]
        : value;

    private static byte[] Replace(byte[] input, Range range, byte[] with)
    {
        (int start, int length) = range.GetOffsetAndLength(input.Length);
        return [.. input[..start], .. with, .. input[(start + length)..]];
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Shared.Contracts.Json;

/// <summary>
/// The OLPC canonical form of JSON, which TUF signs: no white space, members sorted by code point, whole numbers only, and in
/// strings only the quotation mark and the backslash are escaped. Same bytes as securesystemslib's <c>encode_canonical</c>.
/// </summary>
public static class CanonicalJson
{
    /// <exception cref="JsonException">The text is not strict JSON, or has a number with point or exponent.</exception>
    public static byte[] Encode(ReadOnlyMemory<byte> utf8) => Encode(StrictJson.Parse(utf8));

    /// <exception cref="JsonException">A number has a point or exponent, or a string is not valid Unicode.</exception>
    public static byte[] Encode(JsonElement value)
    {
        ArrayBufferWriter<byte> output = new();
        Write(value, output);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(JsonElement value, ArrayBufferWriter<byte> output)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, output);
                break;
            case JsonValueKind.Array:
                WriteArray(value, output);
                break;
            case JsonValueKind.String:
                WriteString(Encoding.UTF8.GetBytes(value.Text()), output);
                break;
            case JsonValueKind.Number:
                WriteNumber(value.GetRawText(), output);
                break;
            case JsonValueKind.True:
                output.Write("true"u8);
                break;
            case JsonValueKind.False:
                output.Write("false"u8);
                break;
            case JsonValueKind.Null:
                output.Write("null"u8);
                break;
            default:
                throw new JsonException("no value");
        }
    }

    private static void WriteObject(JsonElement value, ArrayBufferWriter<byte> output)
    {
        // UTF-8 bytes sort as code points do; UTF-16, which string.CompareOrdinal sees, does not.
        (byte[] Key, JsonElement Value)[] members =
            [.. value.EnumerateObject().Select(member => (Encoding.UTF8.GetBytes(StrictJson.NameOf(member)), member.Value))];
        Array.Sort(members, (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));

        output.Write("{"u8);
        for (int i = 0; i < members.Length; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            WriteString(members[i].Key, output);
            output.Write(":"u8);
            Write(members[i].Value, output);
        }

        output.Write("}"u8);
    }

    private static void WriteArray(JsonElement value, ArrayBufferWriter<byte> output)
    {
        output.Write("["u8);
        bool first = true;
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (!first)
            {
                output.Write(","u8);
            }

            first = false;
            Write(item, output);
        }

        output.Write("]"u8);
    }

    private static void WriteString(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        while (utf8.IndexOfAny((byte)'"', (byte)'\\') is var at and >= 0)
        {
            output.Write(utf8[..at]);
            output.Write("\\"u8);
            output.Write(utf8.Slice(at, 1));
            utf8 = utf8[(at + 1)..];
        }

        output.Write(utf8);
        output.Write("\""u8);
    }

    private static void WriteNumber(string raw, ArrayBufferWriter<byte> output)
    {
        if (raw.AsSpan().ContainsAny('.', 'e', 'E'))
        {
            throw new JsonException($"canonical JSON has whole numbers only, not {raw}");
        }

        output.Write(Encoding.ASCII.GetBytes(raw == "-0" ? "0" : raw));
    }
}

using System.Text.Json;
using Sync.Node.Inference.Answers;
using Sync.Node.Inference.Tensors;

namespace Sync.Node.Inference.Rest;

/// <summary>Reads parts of a request's JSON, token by token.</summary>
internal static class RestJson
{
    /// <summary>A value of a request, where it has only one of that name: of two, it is not clear which is meant.</summary>
    public static T Once<T>(object? before, T value, string name) =>
        before is null ? value : throw Malformed.Create($"the request has '{name}' twice in one object: send it once");

    public static long[] ReadShape(ref Utf8JsonReader reader)
    {
        List<long> dimensions = [];
        RequireToken(ref reader, JsonTokenType.StartArray, "shape");
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            dimensions.Add(reader.TokenType is JsonTokenType.Number && reader.TryGetInt64(out long dimension) && dimensions.Count < 8
                ? dimension
                : throw Malformed.Create("a shape is a list of whole numbers, such as [2, 29]"));
        }

        return [.. dimensions];
    }

    // Parameters that would change the answer, and that this server does not know, are refused; others are ignored.
    public static (bool? Flag, long? Number) ReadParameters(ref Utf8JsonReader reader, string owner, string known)
    {
        (bool? flag, long? number) = (null, null);
        RequireToken(ref reader, JsonTokenType.StartObject, "parameters");
        while (ReadProperty(ref reader) is { } name)
        {
            ExtensionParameters.RefuseIfUnsupported(name, owner);
            reader.Read();
            if (name != known)
            {
                reader.Skip();
            }
            else if (reader.TokenType is JsonTokenType.True or JsonTokenType.False && known != "binary_data_size")
            {
                flag = reader.GetBoolean();
            }
            else if (known == "binary_data_size" && reader.TokenType is JsonTokenType.Number && reader.TryGetInt64(out long value))
            {
                number = value;
            }
            else
            {
                string needed = known == "binary_data_size" ? "a whole number" : "true or false";
                Malformed.Throw($"{owner} has the parameter '{name}' of a wrong type: it is {needed}");
            }
        }

        return (flag, number);
    }

    public delegate T ReadItem<T>(ref Utf8JsonReader reader);

    public static List<T> ReadList<T>(ref Utf8JsonReader reader, string name, ReadItem<T> read)
    {
        RequireToken(ref reader, JsonTokenType.StartArray, name);
        List<T> items = [];
        Utf8JsonReader next = reader;
        while (next.Read() && next.TokenType is not JsonTokenType.EndArray)
        {
            if (items.Count == InferenceLimits.MaximumTensors)
            {
                Malformed.Throw($"the request has more than {InferenceLimits.MaximumTensors} {name}");
            }

            items.Add(read(ref reader));
            next = reader;
        }

        reader = next;
        return items;
    }

    public static string? ReadProperty(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType is JsonTokenType.PropertyName ? FindKnown(ref reader) ?? reader.GetString() : null;

    // The names of the protocol, so that a request brings no new texts for them.
    private static string? FindKnown(ref Utf8JsonReader reader) => reader.ValueIsEscaped ? null : reader.ValueSpan switch
    {
        [_, _] name when name.SequenceEqual("id"u8) => "id",
        [(byte)'n', ..] name when name.SequenceEqual("name"u8) => "name",
        [(byte)'s', ..] name when name.SequenceEqual("shape"u8) => "shape",
        [(byte)'d', ..] name when name.SequenceEqual("datatype"u8) => "datatype",
        [(byte)'d', ..] name when name.SequenceEqual("data"u8) => "data",
        [(byte)'i', ..] name when name.SequenceEqual("inputs"u8) => "inputs",
        [(byte)'o', ..] name when name.SequenceEqual("outputs"u8) => "outputs",
        [(byte)'p', ..] name when name.SequenceEqual("parameters"u8) => "parameters",
        [(byte)'b', ..] name when name.SequenceEqual("binary_data_size"u8) => "binary_data_size",
        [(byte)'b', ..] name when name.SequenceEqual("binary_data"u8) => "binary_data",
        [(byte)'b', ..] name when name.SequenceEqual("binary_data_output"u8) => "binary_data_output",
        _ => null,
    };

    public static string ReadText(ref Utf8JsonReader reader, string what)
    {
        reader.Read();
        return reader.TokenType is JsonTokenType.String ? reader.GetString()! : throw Malformed.Create($"{what} must be a text");
    }

    public static void RequireToken(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            Malformed.Throw($"{what} must be a JSON {(type is JsonTokenType.StartObject ? "object" : "array")}");
        }
    }
}

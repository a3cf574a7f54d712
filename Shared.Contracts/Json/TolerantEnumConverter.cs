using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shared.Contracts.Json;

/// <summary>Reads and writes enums by name only, like <see cref="EnumTextConverter{TEnum}"/>, and reads a name that it does not know as the
/// member <c>Unknown</c>: one new name must not lose the document around it.</summary>
internal sealed class TolerantEnumConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    private const string Unknown = "Unknown";

    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.String)
        {
            throw new JsonException();
        }

        string text = reader.GetString()!;
        return Enum.GetNames<TEnum>().Contains(text, StringComparer.Ordinal) ? Enum.Parse<TEnum>(text) : Enum.Parse<TEnum>(Unknown);
    }

    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

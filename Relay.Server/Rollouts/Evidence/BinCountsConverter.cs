using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Server.Rollouts.Evidence;

/// <summary>An object of the bins that have nodes: <c>{"0":9200,"13":41}</c>.</summary>
internal sealed class BinCountsConverter : JsonConverter<BinCounts>
{
    public override BinCounts Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        List<(int Bin, long Count)> pairs = [];
        long nodes = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!int.TryParse(reader.GetString(), NumberStyles.None, null, out int bin) || bin > BinCounts.Steps
                || !reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long count) || count < 0
                || count > long.MaxValue - nodes)
            {
                throw new JsonException();
            }

            nodes += count;
            pairs.Add((bin, count));
        }

        return BinCounts.From(pairs);
    }

    public override void Write(Utf8JsonWriter writer, BinCounts value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach ((int bin, long count) in value.Occupied)
        {
            writer.WriteNumber(bin.ToString(CultureInfo.InvariantCulture), count);
        }

        writer.WriteEndObject();
    }
}

using System.Text;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Data.Streaming;

/// <summary>Texts and how many rows have each, over all shards.</summary>
internal static class TextCounts
{
    /// <returns>Each text once, in ordinal order, with its rows in all shards.</returns>
    public static (string[] Texts, long[] Rows) Gather(string[] texts, long[] rows, IShardGroup shards)
    {
        SortedDictionary<string, long> all = new(StringComparer.Ordinal);
        foreach (byte[] part in shards.Gather(Write(texts, rows)))
        {
            using BinaryReader reader = new(new MemoryStream(part), Encoding.UTF8);
            for (int left = reader.ReadInt32(); left > 0; left--)
            {
                string text = reader.ReadString();
                all[text] = all.GetValueOrDefault(text) + reader.ReadInt64();
            }
        }

        return ([.. all.Keys], [.. all.Values]);
    }

    private static byte[] Write(string[] texts, long[] rows)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes, Encoding.UTF8);
        writer.Write(texts.Length);
        for (int i = 0; i < texts.Length; i++)
        {
            writer.Write(texts[i]);
            writer.Write(rows[i]);
        }

        writer.Flush();
        return bytes.ToArray();
    }
}

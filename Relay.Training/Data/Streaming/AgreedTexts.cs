using Relay.Training.Data.Csv;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Data.Streaming;

/// <summary>Texts that occur in the rows of shards that share sums only: of those that they agreed on, each has a place in a sum.</summary>
internal static class AgreedTexts
{
    /// <exception cref="TrainingException">This shard has a text that is not agreed on.</exception>
    public static void Require(string column, IReadOnlyList<string> agreed, IReadOnlyList<string> own) => FindPlaces(column, Sort(agreed), own);

    /// <summary>The texts that occur on some shard.</summary>
    /// <param name="column">Names the column in messages.</param>
    /// <returns>In ordinal order.</returns>
    /// <exception cref="TrainingException">This shard has a text that is not agreed on.</exception>
    public static string[] FindOccurring(string column, IReadOnlyList<string> agreed, IReadOnlyList<string> own, IShardGroup shards)
    {
        string[] texts = Sort(agreed);
        bool[] occurs = new bool[texts.Length];
        foreach (int place in FindPlaces(column, texts, own))
        {
            occurs[place] = true;
        }

        bool[] any = shards.Any(occurs);
        return [.. texts.Where((_, i) => any[i])];
    }

    /// <summary>The texts that occur on some shard, and in how many rows of all.</summary>
    /// <param name="rows">Per text of this shard, its rows.</param>
    /// <returns>In ordinal order.</returns>
    /// <exception cref="TrainingException">This shard has a text that is not agreed on.</exception>
    public static (string[] Texts, long[] Rows) Count(
        string column, IReadOnlyList<string> agreed, IReadOnlyList<string> own, IReadOnlyList<long> rows, IShardGroup shards)
    {
        string[] texts = Sort(agreed);
        long[] sums = new long[texts.Length];
        foreach ((int i, int place) in FindPlaces(column, texts, own).Index())
        {
            sums[place] = rows[i];
        }

        shards.Sum(sums);
        return ([.. texts.Where((_, i) => sums[i] > 0)], [.. sums.Where(sum => sum > 0)]);
    }

    private static string[] Sort(IReadOnlyList<string> agreed) => [.. agreed.Order(StringComparer.Ordinal)];

    private static int[] FindPlaces(string column, string[] texts, IReadOnlyList<string> own)
    {
        int[] places = [.. own.Select(text => Array.BinarySearch(texts, text, StringComparer.Ordinal))];
        string[] unknown = [.. own.Where((_, i) => places[i] < 0)];
        return unknown.Length == 0 ? places : throw new TrainingException(
            TrainingFault.InvalidData,
            $"column '{column}': {DataErrors.List(unknown)} stand in these rows, and the round agrees on {texts.Length} other texts of the column; "
            + "leave such rows out, or plan a round that names these texts");
    }
}

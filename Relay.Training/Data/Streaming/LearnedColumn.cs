using Relay.Training.Data.Csv;
using Relay.Training.Data.Features;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Data.Streaming;

/// <summary>What the first pass, over the rows of all shards, says of one feature.</summary>
/// <param name="Source">The first pass's reader of this shard.</param>
/// <param name="Encoder">Null for a number.</param>
internal sealed record LearnedColumn(ColumnReader Source, CategoryEncoder? Encoder, ColumnBins Bins, bool IsConstant)
{
    public static LearnedColumn Create(ColumnReader source, IShardGroup shards)
    {
        CategoryEncoder? encoder = null;
        ColumnSummary own;
        if (source is CategorySummarizer category)
        {
            (string[] texts, long[] rows) = TextCounts.Gather(category.Texts.Texts, [.. category.Rows], shards);
            encoder = CategoryEncoder.Fit(texts, rows);
            own = Summarize(category, encoder);
        }
        else
        {
            own = ((NumberSummarizer)source).Summary;
        }

        ColumnSummary summary = Merge(own, shards);
        ValueCell[] cells = summary.Cells();
        bool constant = summary.Missing == 0 ? cells is [var cell] && cell.Min == cell.Max : cells.Length == 0;
        return new LearnedColumn(source, encoder, ColumnBins.Fit(summary), constant);
    }

    /// <summary>The reader for the second pass.</summary>
    /// <param name="at">The column's place in the row; -1 where it has none.</param>
    public ColumnReader Binner(byte[] row, int at)
    {
        if (Source is not CategorySummarizer category)
        {
            return new NumberBinner(Source.Name, Bins, row, at);
        }

        byte[] binOfText = [.. category.Texts.Texts.Select(text => Bins.Bin(Encoder!.Code(text)))];
        return new CategoryBinner(Source.Name, category.Texts, binOfText, Bins.Bin(float.NaN), row, at);
    }

    private static ColumnSummary Summarize(CategorySummarizer category, CategoryEncoder encoder)
    {
        ColumnSummary summary = new();
        summary.Add(float.NaN, category.Missing);
        string[] texts = category.Texts.Texts;
        for (int code = 0; code < texts.Length; code++)
        {
            summary.Add(encoder.Code(texts[code]), category.Rows[code]);
        }

        return summary;
    }

    private static ColumnSummary Merge(ColumnSummary own, IShardGroup shards)
    {
        if (shards.Size == 1)
        {
            return own;
        }

        ColumnSummary all = new();
        foreach (byte[] part in shards.Gather(own.ToBytes()))
        {
            all.Merge(ColumnSummary.FromBytes(part));
        }

        return all;
    }
}

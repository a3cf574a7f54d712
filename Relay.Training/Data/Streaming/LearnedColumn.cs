using Relay.Training.Data.Csv;
using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Common.Sharding;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Streaming;

/// <summary>What the first pass, over the rows of all shards, says of one feature.</summary>
/// <param name="Source">The first pass's reader of this shard.</param>
/// <param name="Encoder">Null for a number.</param>
/// <param name="Bins">One for each column that the feature becomes.</param>
/// <param name="Profile">What other rows are compared with.</param>
internal sealed record LearnedColumn(ColumnReader Source, CategoryEncoder? Encoder, ColumnBins[] Bins, bool IsConstant, ColumnProfile Profile)
{
    // Where there are target statistics, per column the bin of each text of this shard in each fold.
    private byte[][]? _binsOfTexts;

    /// <param name="rows">Where the rows come from.</param>
    /// <param name="target">What target statistics sum up, where a column needs it.</param>
    /// <param name="firstRow">The number of this shard's first row among those of all shards.</param>
    public static LearnedColumn Create(ColumnReader source, DataSource rows, Lazy<TargetValues> target, long firstRow, IShardGroup shards)
    {
        ModelSpec spec = rows.Spec;
        CategoryEncoder? encoder = null;
        Func<ColumnSummary, ColumnProfile> profile = ColumnProfile.OfNumbers;
        ColumnSummary own;
        if (source is CategorySummarizer category)
        {
            (string[] texts, long[] ofTexts) = rows.Agreement is { } agreement
                ? AgreedTexts.Count(source.Name, agreement.Categories.GetValueOrDefault(source.Name, []), category.Texts.Texts, category.Rows, shards)
                : TextCounts.Gather(category.Texts.Texts, [.. category.Rows], shards);
            encoder = CategoryEncoder.Fit(texts, ofTexts);
            own = Summarize(category, encoder);
            profile = merged => ColumnProfile.OfTexts(texts, ofTexts, merged.Missing);
        }
        else
        {
            own = ((NumberSummarizer)source).Summary;
        }

        ColumnSummary summary = Merge(own, shards);
        ValueCell[] cells = summary.Cells();
        bool constant = summary.Missing == 0 ? cells is [var cell] && cell.Min == cell.Max : cells.Length == 0;
        if (encoder is null || !EncodingChoice.UsesStatistics(spec, source.Name, encoder.Categories.Count))
        {
            (source as CategorySummarizer)?.DropCodes();
            return new LearnedColumn(source, encoder, [ColumnBins.Fit(summary)], constant, profile(summary));
        }

        int[] codeOf = Array.ConvertAll(((CategorySummarizer)source).Texts.Texts, encoder.FindCode);
        int[] codes = Array.ConvertAll(((CategorySummarizer)source).DrainCodes(), code => code < 0 ? -1 : codeOf[code]);
        TargetStatistics statistics = TargetStatistics.Fit(codes, encoder.Categories.Count, target.Value, firstRow, shards);
        ColumnBins[] bins = [.. Summarize(statistics, encoder.Categories.Count, summary.Missing).Select(ColumnBins.Fit)];
        byte[][] binsOfTexts = [.. bins.Select((of, column) => BinTexts(of, statistics, column, codeOf))];
        statistics.DropFolds();
        return new LearnedColumn(source, encoder.WithStatistics(statistics), bins, constant, profile(summary)) { _binsOfTexts = binsOfTexts };
    }

    /// <summary>The reader for the second pass.</summary>
    /// <param name="at">Per column that the feature becomes, its place in the row; -1 where it has none.</param>
    /// <param name="firstRow">The number of the first row that it will read among those of all shards.</param>
    public ColumnReader Binner(byte[] row, int[] at, long firstRow)
    {
        if (Source is not CategorySummarizer category)
        {
            return new NumberBinner(Source.Name, Bins[0], row, at[0]);
        }

        byte[] missing = [.. Bins.Select(bins => bins.Bin(float.NaN))];
        if (_binsOfTexts is not null)
        {
            return new TargetBinner(Source.Name, category.Texts, _binsOfTexts, missing, row, at, firstRow);
        }

        byte[] binOfText = [.. category.Texts.Texts.Select(text => Bins[0].Bin(Encoder!.Code(text)))];
        return new CategoryBinner(Source.Name, category.Texts, binOfText, missing[0], row, at[0]);
    }

    // Of each text of this shard in each fold.
    private static byte[] BinTexts(ColumnBins bins, TargetStatistics statistics, int column, int[] codeOf)
    {
        byte[] ofTexts = new byte[codeOf.Length * TargetStatistics.Folds];
        for (int i = 0; i < ofTexts.Length; i++)
        {
            ofTexts[i] = bins.Bin(statistics.OutOfFold(column, codeOf[i / TargetStatistics.Folds], i % TargetStatistics.Folds));
        }

        return ofTexts;
    }

    private static IEnumerable<ColumnSummary> Summarize(TargetStatistics statistics, int texts, long missing)
    {
        for (int column = 0; column < statistics.Columns; column++)
        {
            ColumnSummary summary = new();
            summary.Add(float.NaN, missing);
            for (int text = 0; text < texts; text++)
            {
                for (int fold = 0; fold < TargetStatistics.Folds; fold++)
                {
                    if (statistics.RowsOf(text, fold) is > 0 and var rows)
                    {
                        summary.Add(statistics.OutOfFold(column, text, fold), rows);
                    }
                }
            }

            yield return summary;
        }
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

        if (shards.SharesSumsOnly)
        {
            return SummedColumn.Merge(own, shards);
        }

        ColumnSummary all = new();
        foreach (byte[] part in shards.Gather(own.ToBytes()))
        {
            all.Merge(ColumnSummary.FromBytes(part));
        }

        return all;
    }
}

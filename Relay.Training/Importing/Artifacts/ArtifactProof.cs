using Relay.Training.Data.Tables;
using Relay.Training.Export;
using Relay.Training.Importing.Proof;
using Shared.Contracts.Models;
using Shared.Scoring;

namespace Relay.Training.Importing.Artifacts;

/// <summary>Proves that the finished file gives the bits of the file that came, and that the managed scorer gives them too: on held-out rows, on rows
/// at thresholds and two float32 to each side, with every text of a category, and on missing and extreme values.</summary>
internal sealed class ArtifactProof(ArtifactModel model) : IImportProof
{
    private const int MaxThresholds = 5_000;
    private const int MaxTexts = 10_000;
    private const int BlockRows = 4096;
    private const int BaseRows = 64;
    private const int Beside = 2;

    private static readonly float[] Extremes =
        [float.NaN, 0f, -0f, 1e-36f, -1e-36f, 1f, -1f, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity];

    private static readonly float Tolerance = ManagedScorer.IsBitExact ? 0 : GoldenComparison.AcrossProcessors;

    public long Thresholds => model.AllThresholds.Count;

    public long RoundedThresholds => 0;

    public void Dispose()
    {
    }

    public ProofCounts Require(
        byte[] artifact, ModelSchema schema, DataSet given, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        float[][] columns = model.Encodings.Select((encoding, c) => ToValues(encoding.Categories, given.Columns[c])).ToArray();
        int count = (int)given.Rows;
        int taken = Math.Min(count, BaseRows);
        float[][] baseRows = [.. Enumerable.Range(0, taken).Select(i => Array.ConvertAll(columns, c => c[(int)((long)i * count / taken)]))];
        float[][] rows = [.. AtThresholds(baseRows), .. AtTexts(baseRows), .. AtExtremes(baseRows)];

        using OnnxSession source = new(model.File, schema);
        using OnnxSession finished = new(artifact, schema);
        using ManagedScorer? managed = ManagedScorer.Load(artifact, schema, out ManagedScorer? loaded) is null ? loaded : null;
        foreach (float[][] block in rows.Chunk(BlockRows))
        {
            Compare(block);
        }

        for (int start = 0; start < count; start += BlockRows)
        {
            int first = start;
            int length = Math.Min(BlockRows, count - start);
            Compare([.. Enumerable.Range(first, length).Select(row => Array.ConvertAll(columns, c => c[row]))]);
            progress?.Report(new TrainingProgress("prove", start + length, count));
        }

        return new ProofCounts(rows.Length, count, 0, 0, managed is not null, 0);

        void Compare(float[][] block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            DataColumn[] inputs = model.ToColumns([.. columns.Select((_, c) => Array.ConvertAll(block, row => row[c]))]);
            Predictions expected = source.Predict(inputs, block.Length, cancellationToken: cancellationToken);
            Predictions actual = finished.Predict(inputs, block.Length, cancellationToken: cancellationToken);
            RequireSame(block, expected, actual);
            RequireManaged(block, actual, managed);
        }
    }

    private static float[] ToValues(IReadOnlyList<string>? categories, DataColumn column)
    {
        if (categories is null)
        {
            return ((NumberColumn)column).Values;
        }

        Dictionary<string, int> codes = categories.Index().ToDictionary(c => c.Item, c => c.Index, StringComparer.Ordinal);
        CategoryColumn texts = (CategoryColumn)column;
        float[] codeOf = [.. texts.Categories.Select(text => codes.TryGetValue(text, out int code) ? code : float.NaN)];
        return Array.ConvertAll(texts.Codes, code => code < 0 ? float.NaN : codeOf[code]);
    }

    private IEnumerable<float[]> AtThresholds(float[][] baseRows)
    {
        (int, float)[] numbers = [.. model.AllThresholds.Where(t => model.Encodings[t.Feature].Categories is null)];
        int taken = Math.Min(numbers.Length, MaxThresholds);
        for (int i = 0; i < taken; i++)
        {
            (int feature, float value) = numbers[(int)((long)i * numbers.Length / taken)];
            for (int down = 0; down < Beside; down++)
            {
                value = MathF.BitDecrement(value);
            }

            for (int n = 0; n <= 2 * Beside; n++, value = MathF.BitIncrement(value))
            {
                yield return With(baseRows[i % baseRows.Length], feature, value);
            }

            yield return With(baseRows[i % baseRows.Length], feature, float.NaN);
        }
    }

    private IEnumerable<float[]> AtTexts(float[][] baseRows) =>
        model.Encodings.Index().Where(e => e.Item.Categories is not null)
            .SelectMany(e => Enumerable.Range(-1, e.Item.Categories!.Count + 1)
                .Select(code => With(baseRows[(code + 1) % baseRows.Length], e.Index, code < 0 ? float.NaN : code)))
            .Take(MaxTexts);

    private IEnumerable<float[]> AtExtremes(float[][] baseRows)
    {
        for (int feature = 0; feature < model.Encodings.Count && feature < BlockRows; feature++)
        {
            if (model.Encodings[feature].Categories is null)
            {
                foreach (float value in Extremes)
                {
                    yield return With(baseRows[feature % baseRows.Length], feature, value);
                }
            }
        }

        yield return Enumerable.Repeat(float.NaN, model.Encodings.Count).ToArray();
    }

    private void RequireSame(float[][] rows, Predictions expected, Predictions actual)
    {
        for (int i = 0; i < expected.Values.Length; i++)
        {
            if (BitConverter.SingleToUInt32Bits(expected.Values[i]) != BitConverter.SingleToUInt32Bits(actual.Values[i]))
            {
                throw Differs(rows[i / expected.Width], "the file that came", expected.Row(i / expected.Width), "the finished file",
                    actual.Row(i / expected.Width));
            }
        }

        if (!expected.Labels.AsSpan().SequenceEqual(actual.Labels))
        {
            throw new TrainingException(TrainingFault.ImportMismatch, "the finished file gives another label than the file that came");
        }
    }

    private void RequireManaged(float[][] rows, Predictions expected, ManagedScorer? managed)
    {
        if (managed is null)
        {
            return;
        }

        float[] own = new float[expected.Width];
        for (int r = 0; r < rows.Length; r++)
        {
            float[] row = rows[r];
            float[] numbers = [.. row.Where((_, c) => model.Encodings[c].Categories is null)];
            string[] texts = [.. model.Encodings.Index().Where(e => e.Item.Categories is not null)
                .Select(e => float.IsNaN(row[e.Index]) ? "" : e.Item.Categories![(int)row[e.Index]])];
            managed.Score(numbers, texts, 1, own);
            ReadOnlySpan<float> answer = expected.Row(r);
            for (int k = 0; k < own.Length; k++)
            {
                bool isSame = BitConverter.SingleToUInt32Bits(answer[k]) == BitConverter.SingleToUInt32Bits(own[k])
                    || (float.IsNaN(answer[k]) && float.IsNaN(own[k]))
                    || MathF.Abs(answer[k] - own[k]) <= Tolerance * MathF.Max(1, MathF.Abs(answer[k]));
                if (!isSame)
                {
                    throw Differs(row, "ONNX Runtime", answer, "the managed scorer", own);
                }
            }
        }
    }

    private static float[] With(float[] row, int column, float value)
    {
        float[] changed = [.. row];
        changed[column] = value;
        return changed;
    }

    private TrainingException Differs(float[] row, string one, ReadOnlySpan<float> answer, string other, ReadOnlySpan<float> otherAnswer) => new(
        TrainingFault.ImportMismatch,
        $"{one} answers {Shown(answer)} and {other} {Shown(otherAnswer)} for the row " +
            $"{new RowText([.. model.Encodings.Select(e => e.Name)]).Describe(row)}");

    private static string Shown(ReadOnlySpan<float> values) => RowText.DescribeAnswer(values.ToArray().Select(v => (double)v));
}

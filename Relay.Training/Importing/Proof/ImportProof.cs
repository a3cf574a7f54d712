using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Export;
using Shared.Contracts.Models;
using Shared.Scoring;

namespace Relay.Training.Importing.Proof;

/// <summary>Proves a finished file: on given rows, on rows at the thresholds of the source and on rows of missing, zero, largest and infinite values
/// it gives the source's answers, in ONNX Runtime and in the managed scorer, and both give the same bits.</summary>
/// <param name="encodings">Per input of the schema.</param>
internal sealed class ImportProof(ISourceProof source, IReadOnlyList<FeatureEncoding> encodings) : IImportProof
{
    /// <summary>Rows at thresholds that the whole model answers; each tree by itself is proved at every threshold.</summary>
    private const int MaxThresholdRows = 40_000;

    /// <summary>Numbers of those rows together: a model of very many features gets fewer rows.</summary>
    private const int MaxThresholdNumbers = 1 << 26;
    private const int BlockRows = 4096;
    private const int BaseRows = 64;

    private static readonly float[] Extremes =
        [float.NaN, 0f, -0f, 1e-36f, -1e-36f, 1f, -1f, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity];

    public long Thresholds => source.Thresholds;

    public long RoundedThresholds => source.RoundedThresholds;

    public void Dispose() => (source as IDisposable)?.Dispose();

    public ProofCounts Require(
        byte[] artifact, ModelSchema schema, DataSet given, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        SchemaRows schemaRows = new(encodings);
        float[][] columns = schemaRows.Read(given);
        IReadOnlyList<float[]> baseRows = [.. Spread((int)given.Rows, BaseRows).Select(row => Array.ConvertAll(columns, c => c[row]))];
        long treeRows = source.RequireTrees(baseRows, done => progress?.Report(new TrainingProgress("prove", done, null)), cancellationToken);
        IReadOnlyList<float[]> rows =
        [
            .. source.RowsAtThresholds(baseRows, Math.Min(MaxThresholdRows, MaxThresholdNumbers / columns.Length)),
            .. Extremes.Select(value => Enumerable.Repeat(value, columns.Length).ToArray()),
            .. baseRows.Take(4).SelectMany(row => Extremes.Select((value, i) => With(row, i % row.Length, value))),
        ];

        using OnnxSession session = new(artifact, schema);
        using ManagedScorer? managed = ManagedScorer.Load(artifact, schema, out ManagedScorer? loaded) is null ? loaded : null;
        Comparison comparison = new(schema, schemaRows, managed);

        double worst = 0;
        foreach (float[][] block in rows.Chunk(BlockRows))
        {
            worst = Math.Max(worst, Compare(block, source.IsTotal));
        }

        long done = 0;
        foreach (int[] block in Enumerable.Range(0, (int)given.Rows).Chunk(BlockRows))
        {
            worst = Math.Max(worst, Compare([.. block.Select(row => Array.ConvertAll(columns, c => c[row]))], isTotal: true));
            progress?.Report(new TrainingProgress("prove", done += block.Length, given.Rows));
        }

        return new ProofCounts(rows.Count, given.Rows, treeRows, worst, managed is not null, comparison.WithoutAnswer);

        double Compare(float[][] block, bool isTotal)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Predictions answers = session.Predict(schemaRows.ToColumns(block), block.Length, cancellationToken: cancellationToken);
            return comparison.Require(block, source.Answer(block, cancellationToken), answers, isTotal);
        }
    }

    private static IEnumerable<int> Spread(int rows, int atMost)
    {
        int taken = Math.Min(rows, atMost);
        return Enumerable.Range(0, taken).Select(i => (int)((long)i * rows / taken));
    }

    private static float[] With(float[] row, int feature, float value)
    {
        float[] changed = [.. row];
        changed[feature] = value;
        return changed;
    }
}

using Relay.Training.Engines;
using Relay.Training.Engines.Common;
using Relay.Training.Gates.Statistics;
using Relay.Training.Trees;
using Relay.Training.Tuning;
using Shared.Contracts.Models;

namespace Relay.Training.Budgets;

/// <summary>Trains a shape on all training rows and on parts of them, and measures all models that it gives on the rows of the parts left
/// out.</summary>
internal sealed class FamilyMeasurement(FullModel full, EngineCatalog engines)
{
    private const int RowsPerBlock = 2048;
    private readonly TuningFolds _folds = new(full.Train, "budget", full.RowHashes);

    // Per row the answer of the largest model of the first shape that did not learn from it.
    private float[]? _fullAnswers;

    public static int TrainingsPerShape => TuningFolds.Count + 1;

    /// <param name="shape">The first one is that of the spec.</param>
    /// <param name="trees">The numbers of trees to measure; rising.</param>
    /// <param name="trained">Called after each training.</param>
    /// <exception cref="OperationCanceledException">Within a second of the request.</exception>
    public IReadOnlyList<SmallModel> Run(ModelParameters shape, int[] trees, Action trained, CancellationToken cancellationToken)
    {
        CandidateFamily all = Grow(full.Train, shape, trees, null, cancellationToken);
        trained();
        int[]? leaves = (all as ForestFamily)?.Leaves;
        CandidateFamily[] parts = new CandidateFamily[TuningFolds.Count];
        for (int fold = 0; fold < parts.Length; fold++)
        {
            parts[fold] = Grow(_folds.LearnedFrom(fold), shape, trees, leaves, cancellationToken);
            trained();
        }

        bool isFull = _fullAnswers is null;
        _fullAnswers ??= new float[full.Train.RowCount];
        LossTally tally = LossTally.Create(full.Spec.Task, full.Train, _fullAnswers, all.Members.Count);
        for (int fold = 0; fold < parts.Length; fold++)
        {
            Score(parts[fold], fold, tally, isFull, cancellationToken);
        }

        LossEstimate[] losses = [.. all.Members.Select((_, member) => tally.Measure(member))];
        return
        [
            .. all.Members.Select((parameters, member) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                long bytes = full.SizeOf(all.Create(member), parameters);
                return new SmallModel(parameters, bytes, losses[member], () => all.Create(member))
                {
                    SafePoints = all.NextLarger(member).Append(member).Max(m => losses[m].Points),
                };
            }),
        ];
    }

    private CandidateFamily Grow(TrainingSet set, ModelParameters shape, int[] trees, int[]? leaves, CancellationToken cancellationToken) =>
        full.Spec.Algorithm is ModelAlgorithm.RandomForest
            ? ForestFamily.Grow(set, shape, trees, leaves, cancellationToken)
            : PrefixFamily.Grow(engines, full.Spec, set, shape, trees, cancellationToken);

    /// <param name="isFull">Whether the last model of the family is the full one.</param>
    private void Score(CandidateFamily family, int fold, LossTally tally, bool isFull, CancellationToken cancellationToken)
    {
        float[][] columns = family.Select(_folds.Tested(fold)).Columns;
        int[] rows = _folds.RowsOf(fold);
        int members = family.Members.Count;
        WorkerLoop.Run(
            (rows.Length + RowsPerBlock - 1) / RowsPerBlock,
            Environment.ProcessorCount,
            family.CreateScorer,
            (scorer, block) =>
            {
                int start = block * RowsPerBlock;
                int[] own = rows[start..Math.Min(rows.Length, start + RowsPerBlock)];
                float[] answers = new float[own.Length * members];
                float[] row = new float[columns.Length];
                for (int i = 0; i < own.Length; i++)
                {
                    for (int c = 0; c < row.Length; c++)
                    {
                        row[c] = columns[c][start + i];
                    }

                    Span<float> ofRow = answers.AsSpan(i * members, members);
                    scorer.Score(row, ofRow);
                    if (isFull)
                    {
                        _fullAnswers![own[i]] = ofRow[^1];
                    }
                }

                tally.Add(own, answers);
            },
            cancellationToken);
    }
}

using Relay.Training.Engines.Common;
using Relay.Training.Gates.Statistics;
using Shared.Contracts.Models;

namespace Relay.Training.Budgets;

/// <summary>Collects the answers of all models of a family for rows that they did not learn from, beside those of the full model.</summary>
internal abstract class LossTally
{
    /// <summary>The figure that a task is compared by, as its metrics call it.</summary>
    public static string FigureOf(ModelTask task) => task switch
    {
        ModelTask.Classification => "macroF1",
        ModelTask.Regression => "rmse",
        _ => "auc",
    };

    /// <param name="set">All training rows.</param>
    /// <param name="full">Per row, the answer of a full model that did not learn from it; there when the row is added.</param>
    public static LossTally Create(ModelTask task, TrainingSet set, float[] full, int members) => task switch
    {
        ModelTask.Classification => new OfClasses(set, full, members),
        ModelTask.Regression => new OfNumbers(set, full, members),
        _ => new OfAnomalies(set, full, members),
    };

    /// <summary>Adds rows; several threads may, each with a part of its own.</summary>
    /// <param name="rows">Numbers of the rows, ascending: a row comes once.</param>
    /// <param name="answers">Row after row, the answer of each model.</param>
    public abstract void Add(int[] rows, ReadOnlySpan<float> answers);

    /// <exception cref="TrainingException">The rows do not show the quality.</exception>
    public abstract LossEstimate Measure(int member);

    private sealed class OfClasses(TrainingSet set, float[] full, int members) : LossTally
    {
        private readonly MacroF1Loss[] _losses = [.. Enumerable.Range(0, members).Select(_ => new MacroF1Loss(set.ClassCount))];

        public override void Add(int[] rows, ReadOnlySpan<float> answers)
        {
            MacroF1Loss[] own = [.. _losses.Select(_ => new MacroF1Loss(set.ClassCount))];
            for (int i = 0; i < rows.Length; i++)
            {
                for (int m = 0; m < own.Length; m++)
                {
                    own[m].Add(set.Labels[rows[i]], (int)full[rows[i]], (int)answers[(i * own.Length) + m]);
                }
            }

            for (int m = 0; m < own.Length; m++)
            {
                lock (_losses[m])
                {
                    _losses[m].Add(own[m]);
                }
            }
        }

        public override LossEstimate Measure(int member) => _losses[member].Measure();
    }

    private sealed class OfNumbers(TrainingSet set, float[] full, int members) : LossTally
    {
        private readonly SortedDictionary<int, ErrorLoss[]> _parts = [];

        public override void Add(int[] rows, ReadOnlySpan<float> answers)
        {
            ErrorLoss[] own = new ErrorLoss[members];
            for (int i = 0; i < rows.Length; i++)
            {
                for (int m = 0; m < own.Length; m++)
                {
                    own[m] = own[m].Add(set.Targets![rows[i]], full[rows[i]], answers[(i * own.Length) + m]);
                }
            }

            lock (_parts)
            {
                _parts.Add(rows[0], own);
            }
        }

        // In the order of the rows, whatever thread was first.
        public override LossEstimate Measure(int member) =>
            _parts.Values.Aggregate(default(ErrorLoss), (sum, part) => sum.Add(part[member])).Measure();
    }

    private sealed class OfAnomalies(TrainingSet set, float[] full, int members) : LossTally
    {
        private readonly bool[] _isAnomaly = Array.ConvertAll(set.Labels, label => label == 1);
        private readonly float[][] _scores = [.. Enumerable.Range(0, members).Select(_ => new float[set.RowCount])];

        public override void Add(int[] rows, ReadOnlySpan<float> answers)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                for (int m = 0; m < members; m++)
                {
                    _scores[m][rows[i]] = answers[(i * members) + m];
                }
            }
        }

        public override LossEstimate Measure(int member) => AucLoss.Measure(_isAnomaly, full, _scores[member])
            ?? throw new TrainingException(
                TrainingFault.TooFewClasses,
                "spec, budget: the training rows hold no anomaly, or no ordinary row, so that the quality of a smaller model cannot be measured; "
                + "add labeled rows, or leave budget out");
    }
}

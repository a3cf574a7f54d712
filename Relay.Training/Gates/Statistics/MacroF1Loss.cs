using System.Runtime.InteropServices;
using Relay.Training.Evaluation;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Statistics;

/// <summary>Counts rows by their class and the answers of both models, and says how much macro-F1 is lost. The interval is that of the delta
/// method: hundreds of models are compared, for which a bootstrap would take too long. Counts are whole numbers, and what is no whole
/// number is added in the order of the classes, so that the order of rows and threads does not show.</summary>
internal sealed class MacroF1Loss(int classes)
{
    private readonly Dictionary<(int Truth, int Full, int Small), long> _cells = [];

    public void Add(int truth, int full, int small) => Add((truth, full, small), 1);

    public void Add(MacroF1Loss other)
    {
        foreach (((int, int, int) cell, long count) in other._cells)
        {
            Add(cell, count);
        }
    }

    public LossEstimate Measure()
    {
        ClassCounts full = new(classes);
        ClassCounts small = new(classes);
        foreach (((int truth, int first, int second), long count) in _cells)
        {
            full.Add(truth, first, count);
            small.Add(truth, second, count);
        }

        int occurring = full.Support.Count(rows => rows > 0);
        double variance = 0;
        foreach (((int truth, int first, int second), long count) in _cells.OrderBy(cell => cell.Key))
        {
            double gradient = (full.Gradient(truth, first) - small.Gradient(truth, second)) / occurring;
            variance += count * gradient * gradient;
        }

        (double ofFull, double ofSmall) = (full.MacroF1(), small.MacroF1());
        double points = Points(ofFull - ofSmall);
        double half = Points(Proportions.Z * Math.Sqrt(variance));
        return new LossEstimate(ofFull, ofSmall, points, new GateInterval(points - half, points + half));
    }

    private static double Points(double share) => 100 * share;

    private void Add((int Truth, int Full, int Small) cell, long count) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_cells, cell, out _) += count;

    /// <summary>What macro-F1 of one model over the classes that occur is computed from.</summary>
    private sealed class ClassCounts(int classes)
    {
        private readonly long[] _predicted = new long[classes];
        private readonly long[] _right = new long[classes];

        public long[] Support { get; } = new long[classes];

        public void Add(int truth, int answer, long count)
        {
            Support[truth] += count;
            _predicted[answer] += count;
            _right[truth] += answer == truth ? count : 0;
        }

        public double MacroF1()
        {
            double sum = 0;
            int occurring = 0;
            for (int k = 0; k < classes; k++)
            {
                if (Support[k] > 0)
                {
                    sum += 2.0 * _right[k] / (Support[k] + _predicted[k]);
                    occurring++;
                }
            }

            return occurring == 0 ? 0 : sum / occurring;
        }

        /// <summary>What one more such row adds to the sum of F1.</summary>
        public double Gradient(int truth, int answer) => truth == answer
            ? Gradient(truth, 2, 2)
            : Gradient(truth, 0, 1) + Gradient(answer, 0, 1);

        private double Gradient(int k, int numerator, int denominator)
        {
            double whole = Support[k] + _predicted[k];
            return Support[k] == 0 ? 0 : ((numerator * whole) - (2.0 * _right[k] * denominator)) / (whole * whole);
        }
    }
}

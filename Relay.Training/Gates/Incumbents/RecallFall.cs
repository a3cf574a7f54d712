using Relay.Training.Evaluation;
using Relay.Training.Gates.Statistics;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Incumbents;

/// <summary>How much smaller the share of right answers became on some rows.</summary>
/// <param name="Part">What the rows are, for people.</param>
/// <param name="Before">The incumbent's share.</param>
internal sealed record RecallFall(string Part, long Rows, double Before, double Now, GateInterval Interval)
{
    public double Fall => Before - Now;

    /// <param name="rows">Places in <paramref name="labels"/>.</param>
    public static RecallFall Measure(string part, PairedLabels labels, IEnumerable<int> rows)
    {
        long count = 0;
        long before = 0;
        long now = 0;
        long lost = 0;
        foreach (int row in rows)
        {
            count++;
            before += labels.WasRight(row) ? 1 : 0;
            now += labels.IsRight(row) ? 1 : 0;
            lost += labels.WasRight(row) && !labels.IsRight(row) ? 1 : 0;
        }

        long won = now - (before - lost);
        return new RecallFall(part, count, (double)before / count, (double)now / count, Proportions.Paired(lost, won, count));
    }

    /// <summary>The one that is surest to be large.</summary>
    public static RecallFall Worst(IEnumerable<RecallFall> falls) => falls.MaxBy(f => (f.Interval.Low, f.Fall))!;
}

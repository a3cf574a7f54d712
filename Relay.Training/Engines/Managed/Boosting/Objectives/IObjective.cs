using Relay.Training.Trees;

namespace Relay.Training.Engines.Managed.Boosting.Objectives;

/// <summary>The loss that boosting minimizes, in real numbers; the caller converts to fixed point.</summary>
internal interface IObjective
{
    Link Link { get; }

    /// <summary>Per output, the score before the first tree.</summary>
    float[] BaseValues { get; }

    /// <summary>Power of two that no gradient exceeds: its exponent. Null: to be measured each round.</summary>
    int? GradientBoundBits { get; }

    /// <summary>Bits kept of gradients and hessians below their bound.</summary>
    int FractionBits { get; }

    /// <summary>Power of two that losses are cut at: its exponent.</summary>
    int LossBoundBits { get; }

    /// <summary>Gradient and hessian of the loss by the score, of one row that counts 1.</summary>
    /// <param name="margins">Per output and row, the sum of the trees so far; base values come on top.</param>
    /// <param name="gradients">Per output, from its start on, the gradients of the rows from <paramref name="begin"/>.</param>
    /// <param name="hessians">The same for the hessians, from 0 to 1.</param>
    void Derive(int begin, int end, float[][] margins, double[][] gradients, double[][] hessians);

    /// <summary>Of one row that counts 1; at least 0.</summary>
    double Loss(int row, float[][] margins);
}

using Relay.Training.Trees;

namespace Relay.Training.Engines.Managed.Boosting.Objectives;

/// <summary>What boosting minimizes. It sees scores and answers in real numbers; fixed point is not its affair.</summary>
internal interface IObjective
{
    Link Link { get; }

    /// <summary>Per output, the score before the first tree.</summary>
    float[] BaseValues { get; }

    /// <summary>Power of two that no first derivative exceeds: its exponent. Null: to be measured each round.</summary>
    int? FirstBoundBits { get; }

    /// <summary>Bits kept of derivatives below their bound.</summary>
    int FractionBits { get; }

    /// <summary>Power of two that losses are cut at: its exponent.</summary>
    int LossBoundBits { get; }

    /// <summary>Derivatives of the loss by the score, of one row that counts 1.</summary>
    /// <param name="margins">Per output and row, the sum of the trees so far; base values come on top.</param>
    /// <param name="first">Per output, from its start on the first derivatives of the rows from <paramref name="begin"/>.</param>
    /// <param name="second">The same for the second ones, from 0 to 1.</param>
    void Derive(int begin, int end, float[][] margins, double[][] first, double[][] second);

    /// <summary>Of one row that counts 1; at least 0.</summary>
    double Loss(int row, float[][] margins);
}

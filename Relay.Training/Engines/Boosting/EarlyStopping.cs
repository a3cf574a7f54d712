namespace Relay.Training.Engines.Boosting;

/// <summary>Remembers the best round and says when to stop.</summary>
/// <param name="patience">Rounds without a better loss after which it stops.</param>
internal sealed class EarlyStopping(int patience)
{
    /// <summary>Rounds that gave the least loss, the first of equals.</summary>
    public int BestRounds { get; private set; }

    public double BestLoss { get; private set; } = double.PositiveInfinity;

    /// <param name="rounds">Rounds that gave the loss.</param>
    /// <returns>Whether to stop.</returns>
    public bool Hear(int rounds, double loss)
    {
        if (loss < BestLoss)
        {
            (BestRounds, BestLoss) = (rounds, loss);
        }

        return rounds - BestRounds >= patience;
    }
}

namespace Relay.Training.Engines.Common;

/// <summary>Tracks the round with the lowest validation loss and decides when to stop.</summary>
/// <param name="patience">Rounds without a lower loss after which it stops.</param>
internal sealed class EarlyStopping(int patience)
{
    /// <summary>Rounds up to the lowest loss, the first of equals.</summary>
    public int BestRounds { get; private set; }

    public double BestLoss { get; private set; } = double.PositiveInfinity;

    /// <param name="rounds">Rounds up to the loss.</param>
    public void Add(int rounds, double loss)
    {
        if (loss < BestLoss)
        {
            (BestRounds, BestLoss) = (rounds, loss);
        }
    }

    public bool IsOver(int rounds) => rounds - BestRounds >= patience;

    public void Write(BinaryWriter writer)
    {
        writer.Write(BestRounds);
        writer.Write(BestLoss);
    }

    public void Read(BinaryReader reader) => (BestRounds, BestLoss) = (reader.ReadInt32(), reader.ReadDouble());
}

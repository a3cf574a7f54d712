namespace Relay.Training.Engines.Common;

/// <summary>Remembers the best round and says when to stop.</summary>
/// <param name="patience">Rounds without a better loss after which it stops.</param>
internal sealed class EarlyStopping(int patience)
{
    /// <summary>Rounds that gave the least loss, the first of equals.</summary>
    public int BestRounds { get; private set; }

    public double BestLoss { get; private set; } = double.PositiveInfinity;

    /// <param name="rounds">Rounds that gave the loss.</param>
    public void Hear(int rounds, double loss)
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

using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Checkpoints;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>What rounds have given so far: all that a checkpoint has to keep.</summary>
/// <param name="outputs">Trees per round.</param>
internal sealed class BoostingProgress(int outputs, int? patience)
{
    private readonly List<GrownTree> trees = [];

    public IReadOnlyList<GrownTree> Trees => trees;

    public int Rounds => trees.Count / outputs;

    public EarlyStopping? Stopping { get; } = patience is { } rounds ? new EarlyStopping(rounds) : null;

    public bool IsStopped => Stopping?.IsOver(Rounds) == true;

    /// <param name="loss">Of the validation rows; null where none are.</param>
    public void Add(GrownTree[] round, double? loss)
    {
        trees.AddRange(round);
        Stopping?.Add(Rounds, loss!.Value);
    }

    /// <summary>Leaves the trees of the best round and those before.</summary>
    public void KeepBest()
    {
        int kept = (Stopping?.BestRounds ?? Rounds) * outputs;
        trees.RemoveRange(kept, trees.Count - kept);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(trees.Count);
        foreach (GrownTree grown in trees)
        {
            TreeCodec.Write(writer, grown.Tree);
            TreeCodec.WriteArray<double>(writer, grown.Gains);
        }

        Stopping?.Write(writer);
    }

    public void Read(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        for (int i = 0; i < count; i++)
        {
            trees.Add(new GrownTree(TreeCodec.Read(reader), TreeCodec.ReadArray<double>(reader)));
        }

        Stopping?.Read(reader);
    }
}

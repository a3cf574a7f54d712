using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Checkpoints;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>What rounds have given so far: all that a checkpoint has to keep.</summary>
/// <param name="outputs">Trees per round.</param>
internal sealed class BoostingProgress(int outputs, int? patience)
{
    private readonly List<GrownTree> _trees = [];

    public IReadOnlyList<GrownTree> Trees => _trees;

    public int Rounds => _trees.Count / outputs;

    public EarlyStopping? Stopping { get; } = patience is { } rounds ? new EarlyStopping(rounds) : null;

    public bool IsStopped => Stopping?.IsOver(Rounds) == true;

    /// <param name="loss">Of the validation rows; null where none are.</param>
    public void Add(GrownTree[] round, double? loss)
    {
        _trees.AddRange(round);
        Stopping?.Add(Rounds, loss!.Value);
    }

    /// <summary>Leaves the trees of the best round and those before.</summary>
    public void KeepBest()
    {
        int kept = (Stopping?.BestRounds ?? Rounds) * outputs;
        _trees.RemoveRange(kept, _trees.Count - kept);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_trees.Count);
        foreach (GrownTree grown in _trees)
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
            _trees.Add(new GrownTree(TreeCodec.Read(reader), TreeCodec.ReadArray<double>(reader)));
        }

        Stopping?.Read(reader);
    }
}

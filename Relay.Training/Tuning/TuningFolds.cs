using Relay.Training.Engines.Common;

namespace Relay.Training.Tuning;

/// <summary>Parts of the training rows, each of which tests what was learned from the others. The content of a row decides, so that equal rows
/// are in one part.</summary>
internal sealed class TuningFolds
{
    public const int Count = 3;
    private readonly TrainingSet _set;
    private readonly int[] _fold;

    /// <param name="asking">The member of the spec that asks for parts.</param>
    /// <param name="hashes">Per row a hash of its content; null: of its numbers.</param>
    /// <exception cref="TrainingException">A part would be empty.</exception>
    public TuningFolds(TrainingSet set, string asking, ulong[]? hashes = null)
    {
        _set = set;
        _fold = new int[set.RowCount];
        for (int row = 0; row < _fold.Length; row++)
        {
            _fold[row] = new RandomStream(hashes?[row] ?? Hash(set, row), 0).Below(Count);
        }

        if (Enumerable.Range(0, Count).Any(fold => !_fold.Contains(fold)))
        {
            throw new TrainingException(
                TrainingFault.TooFewRows,
                $"spec, {asking}: {_fold.Length} training rows do not make {Count} parts to compare models on; give more rows or leave {asking} out");
        }
    }

    public TrainingSet LearnedFrom(int fold) => Select(row => _fold[row] != fold);

    public TrainingSet Tested(int fold) => Select(row => _fold[row] == fold);

    /// <summary>The numbers of the rows of <see cref="Tested"/>.</summary>
    public int[] RowsOf(int fold) => [.. Enumerable.Range(0, _fold.Length).Where(row => _fold[row] == fold)];

    private static ulong Hash(TrainingSet set, int row)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325;
        foreach (float[] column in set.Columns)
        {
            hash = ulong.RotateLeft((hash ^ BitConverter.SingleToUInt32Bits(column[row])) * 0x0000_0100_0000_01B3, 23);
        }

        return hash;
    }

    private TrainingSet Select(Func<int, bool> isIn)
    {
        int[] rows = [.. Enumerable.Range(0, _fold.Length).Where(isIn)];
        return new TrainingSet([.. _set.Columns.Select(Part)], Array.ConvertAll(rows, row => _set.Labels[row]), _set.ClassCount)
        {
            Names = _set.Names,
            Targets = _set.Targets is { } targets ? Part(targets) : null,
            SampleWeights = _set.SampleWeights is { } weights ? Part(weights) : null,
        };

        float[] Part(float[] values) => Array.ConvertAll(rows, row => values[row]);
    }
}

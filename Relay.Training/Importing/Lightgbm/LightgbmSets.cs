using System.Numerics;
using Relay.Training.Engines.Common.Categories;

namespace Relay.Training.Importing.Lightgbm;

/// <summary>The sets of categories of one tree: cat_threshold has 32 codes per number, one bit each, and cat_boundaries says where a set starts
/// in it. A code in the set goes left; every other one, a negative one and a missing value go right (Tree::CategoricalDecision).</summary>
internal sealed class LightgbmSets
{
    private const int CategoricalBit = 1;
    private const int CodesPerNumber = 32;
    private const int MaxNumbers = CategorySets.MaxBounds;

    private readonly LightgbmMembers _source;
    private readonly int[] _boundaries;
    private readonly uint[] _bits;
    private readonly bool[] _isTaken;

    private LightgbmSets(LightgbmMembers source, int[] boundaries, uint[] bits) =>
        (_source, _boundaries, _bits, _isTaken) = (source, boundaries, bits, new bool[boundaries.Length - 1]);

    public static bool IsBySet(int decisionType) => (decisionType & CategoricalBit) != 0;

    /// <exception cref="TrainingException">With InvalidModelFile: boundaries that fall, or numbers that are not as many as they say.</exception>
    public static LightgbmSets Read(LightgbmMembers source, CategorySets counted)
    {
        int sets = source.Whole("num_cat", 0, ImportBounds.MaxNodes, absent: 0);
        if (sets == 0)
        {
            return new LightgbmSets(source, [0], []);
        }

        int[] boundaries = source.Wholes("cat_boundaries", sets + 1, 0, MaxNumbers);
        for (int set = 0; set < sets; set++)
        {
            if (boundaries[set] > boundaries[set + 1])
            {
                throw LightgbmFile.Refuse(
                    $"{source.Place}, cat_boundaries, entry {set + 1} of {sets + 1}: {boundaries[set + 1]} is below {boundaries[set]} before it");
            }
        }

        if (boundaries[0] != 0)
        {
            throw LightgbmFile.Refuse($"{source.Place}, cat_boundaries, entry 0 of {sets + 1}: {boundaries[0]}, expected 0");
        }

        uint[] bits = source.Bits("cat_threshold", boundaries[^1]);
        counted.Count(bits.Sum(number => (long)BitOperations.PopCount(number)));
        return new LightgbmSets(source, boundaries, bits);
    }

    /// <summary>Checks the number of a set, which stands in the place of a threshold. Each is that of one split: a large one of many would take
    /// time without end.</summary>
    /// <exception cref="TrainingException">With InvalidModelFile: there is no such set, or its codes are too large.</exception>
    public void Require(double threshold, int node)
    {
        if (!(threshold >= 0) || threshold >= _isTaken.Length || threshold != Math.Floor(threshold) || _isTaken[(int)threshold])
        {
            throw LightgbmFile.Refuse(
                $"{_source.Place}, split {node}: its set of categories is number {threshold:R}, expected a whole number from 0 to "
                + $"{_isTaken.Length - 1} that no other split has");
        }

        _isTaken[(int)threshold] = true;

        if (Codes((int)threshold).Any(code => code >= CategorySets.MaxCodes))
        {
            throw LightgbmFile.Refuse($"{_source.Place}, split {node}: it has a category from {CategorySets.MaxCodes} on, expected smaller codes");
        }
    }

    /// <param name="threshold">That <see cref="Require"/> accepts.</param>
    public CategorySet SetOf(int feature, double threshold)
    {
        // A code is cut to a whole number towards 0, so that -0.9 is category 0.
        float[] bounds = CategorySets.ToBounds(Codes((int)threshold), zero: -1);
        return new CategorySet(feature, bounds, StartsLeft: false, MissingLeft: false);
    }

    private IEnumerable<int> Codes(int set)
    {
        for (int i = _boundaries[set]; i < _boundaries[set + 1]; i++)
        {
            for (uint rest = _bits[i]; rest != 0; rest &= rest - 1)
            {
                yield return ((i - _boundaries[set]) * CodesPerNumber) + BitOperations.TrailingZeroCount(rest);
            }
        }
    }
}

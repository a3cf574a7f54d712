using Relay.Training.Engines;
using Relay.Training.Engines.Common;
using Shared.Contracts.Models;
using Shared.Scoring;

namespace Relay.Training.Tuning;

/// <summary>The candidates of a search, in an order that the seed of the spec decides. The first is the spec as it is; the others draw what it does
/// not give.</summary>
internal sealed class CandidateSequence(ModelSpec spec, int classes, EngineCatalog engines)
{
    private static readonly int[] Rounds = [50, 100, 200, 400];
    private static readonly double[] Rates = [0.03, 0.05, 0.1, 0.2, 0.3];
    private static readonly (int? Depth, int? Leaves)[] Shapes = [(4, null), (6, null), (8, null), (null, 15), (null, 31), (null, 63)];
    private static readonly int[] LeafRows = [1, 5, 20, 50];
    private static readonly double[] ChildWeights = [0.001, 0.1, 1, 5];
    private static readonly double[] Penalties = [0, 1, 5];
    private static readonly double[] Starts = [0, 0.5, 1];
    private static readonly double[] Fractions = [0.5, 0.8, 1];
    private static readonly int[] ForestTrees = [100, 200];
    private static readonly int[] ForestDepths = [8, 14, 20, 30];
    private static readonly int[] ForestLeafRows = [1, 2, 5, 10];
    private static readonly double?[] ForestFractions = [null, 0.3, 0.6, 1];

    private readonly ulong _seed = spec.Parameters.Seed ?? ModelParameters.DefaultSeed;

    /// <param name="index">From 0.</param>
    public ModelParameters this[int index]
    {
        get
        {
            if (index == 0)
            {
                return spec.Parameters;
            }

            RandomStream random = new(_seed, index);
            return spec.Algorithm is ModelAlgorithm.RandomForest ? Forest(ref random) : Boosting(ref random);
        }
    }

    // Every draw is made, whatever the spec gives: so a parameter that is given does not change what others get.
    private ModelParameters Boosting(ref RandomStream random)
    {
        ModelParameters given = spec.Parameters;
        int trees = Draw(Rounds, ref random);
        double rate = Draw(Rates, ref random);
        (int? depth, int? leaves) = Draw(Shapes, ref random);
        int leafRows = Draw(LeafRows, ref random);
        bool isShaped = given.Depth is not null || given.Leaves is not null;
        ModelParameters drawn = given with
        {
            LearningRate = given.LearningRate ?? rate,
            Depth = isShaped ? given.Depth : depth,
            Leaves = isShaped ? given.Leaves : leaves,
            MinSamplesLeaf = given.MinSamplesLeaf ?? leafRows,
        };
        double childWeight = Draw(ChildWeights, ref random);
        double penalty = Draw(Penalties, ref random);
        double start = Draw(Starts, ref random);
        double columns = Draw(Fractions, ref random);
        double rows = Draw(Fractions, ref random);
        drawn = drawn with
        {
            MinChildWeight = given.MinChildWeight ?? childWeight,
            L2 = given.L2 ?? penalty,
            StartScore = given.StartScore ?? (spec.Task is ModelTask.Classification ? start : null),
            FeatureFraction = given.FeatureFraction ?? columns,
            Subsample = given.Subsample ?? rows,
        };
        ModelParameters larger = drawn with { Trees = given.Trees ?? trees };
        return engines.CountTreesOfClasses(spec with { Parameters = larger }, classes) > ManagedScorer.MaxTrees ? drawn : larger;
    }

    private ModelParameters Forest(ref RandomStream random)
    {
        ModelParameters given = spec.Parameters;
        int trees = Draw(ForestTrees, ref random);
        int depth = Draw(ForestDepths, ref random);
        int rows = Draw(ForestLeafRows, ref random);
        double? columns = Draw(ForestFractions, ref random);
        return given with
        {
            Trees = given.Trees ?? trees,
            Depth = given.Depth ?? depth,
            MinSamplesLeaf = given.MinSamplesLeaf ?? rows,
            FeatureFraction = given.FeatureFraction ?? columns,
        };
    }

    private static T Draw<T>(T[] values, ref RandomStream random) => values[random.Below(values.Length)];
}

using Relay.Training.Data.Features;
using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Engines.Managed.Isolation;
using Shared.Contracts.Models;

namespace Relay.Training.Budgets;

/// <summary>The shapes that a search tries, group after group, each on top of the best one so far: what a spec gives is the most that is tried,
/// and what it gives beside sizes stays.</summary>
/// <param name="importance">Per feature its share of the gain in the full model; null where that is not measured.</param>
internal sealed class ShapeVariants(ModelSpec spec, IReadOnlyList<FeatureEncoding> encodings, IReadOnlyList<double>? importance)
{
    private static readonly int[] ForestDepths = [6, 10];
    private static readonly int[] ForestLeafRows = [2, 5];
    private static readonly int[] BoostingDepths = [2, 3, 4, 5];
    private static readonly int[] BoostingLeaves = [4, 6, 8, 12, 16, 24];
    private static readonly double[] Fractions = [0.25, 0.35, 0.5, 1];
    private static readonly double[] Rates = [0.5, 0.8];
    private static readonly int[] Samples = [16, 32, 64, 128];
    private static readonly double[] Shares = [0.999, 0.99, 0.95, 0.85];

    private readonly ModelParameters _given = spec.Parameters;

    /// <summary>The most trees of any shape.</summary>
    public int Trees => _given.Trees ?? Table.WholeDefault(ParameterTable.Trees);

    /// <summary>The groups in order: each makes shapes of a shape.</summary>
    public IReadOnlyList<Func<ModelParameters, IEnumerable<ModelParameters>>> Groups => spec.Algorithm switch
    {
        ModelAlgorithm.RandomForest => [ForestFractions, LeafRows, Depths, Columns],
        ModelAlgorithm.GradientBoosting => [BoostingShapes, BoostingRates, Columns],
        _ => [SampleSizes],
    };

    private TrainerParameters Table => spec.Algorithm switch
    {
        ModelAlgorithm.RandomForest => ForestParameters.Table,
        ModelAlgorithm.GradientBoosting => BoostingParameters.Table,
        _ => IsolationParameters.Table,
    };

    private int Depth => _given.Depth ?? Table.WholeDefault(ParameterTable.Depth);

    private IEnumerable<ModelParameters> ForestFractions(ModelParameters shape) =>
        _given.FeatureFraction is null ? Fractions.Select(f => shape with { FeatureFraction = f }) : [];

    private IEnumerable<ModelParameters> LeafRows(ModelParameters shape) =>
        _given.MinSamplesLeaf is null ? ForestLeafRows.Select(rows => shape with { MinSamplesLeaf = rows }) : [];

    private IEnumerable<ModelParameters> Depths(ModelParameters shape) =>
        ForestDepths.Where(d => d < Depth).Select(d => shape with { Depth = d });

    private IEnumerable<ModelParameters> BoostingShapes(ModelParameters shape)
    {
        foreach (int depth in BoostingDepths.Where(d => d < Depth && _given.Leaves is null))
        {
            yield return shape with { Depth = depth };
        }

        foreach (int leaves in BoostingLeaves.Where(l => l < (_given.Leaves ?? (1L << Depth))))
        {
            yield return shape with { Leaves = leaves };
        }
    }

    private IEnumerable<ModelParameters> BoostingRates(ModelParameters shape) =>
        _given.LearningRate is null ? Rates.Select(r => shape with { LearningRate = r }) : [];

    private IEnumerable<ModelParameters> SampleSizes(ModelParameters shape) =>
        Samples.Where(s => s < (_given.SamplesPerTree ?? Table.WholeDefault(ParameterTable.SamplesPerTree)))
            .Select(s => shape with { SamplesPerTree = s });

    /// <summary>The most important columns, as many as have a share of the gain.</summary>
    private IEnumerable<ModelParameters> Columns(ModelParameters shape)
    {
        if (importance is null)
        {
            yield break;
        }

        int[] order = [.. Enumerable.Range(0, importance.Count).OrderByDescending(f => importance[f]).ThenBy(f => f)];
        int before = shape.Features?.Count ?? order.Length;
        foreach (double share in Shares)
        {
            double sum = 0;
            int count = 0;
            while (count < order.Length && sum < share)
            {
                sum += importance[order[count++]];
            }

            // In the order of the schema, so that the same columns are the same list.
            if (count > 0 && count < before && IsAllowed(order[..count]))
            {
                before = count;
                yield return shape with { Features = [.. order[..count].Order().Select(f => encodings[f].Name)] };
            }
        }
    }

    private bool IsAllowed(int[] features) =>
        _given.Features is not { } given || features.All(f => given.Contains(encodings[f].Name, StringComparer.Ordinal));
}

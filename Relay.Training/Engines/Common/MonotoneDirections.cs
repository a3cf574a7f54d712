using Shared.Contracts.Models;

namespace Relay.Training.Engines.Common;

/// <summary>Finds the columns that a spec wants to be monotone.</summary>
internal static class MonotoneDirections
{
    /// <param name="features">Per binned column, the feature it is.</param>
    /// <param name="outputs">Scores of the model: with more than one, a score has no direction of its own.</param>
    /// <returns>Per binned column 1, -1 or 0; null where there are no constraints.</returns>
    /// <exception cref="TrainingException">With <see cref="TrainingFault.InvalidSpec"/>.</exception>
    public static sbyte[]? Find(ModelParameters parameters, TrainingSet set, int[] features, int outputs)
    {
        if (parameters.Monotone is not { Count: > 0 } monotone)
        {
            return null;
        }

        if (outputs > 1)
        {
            throw Refuse($"{outputs} classes, expected two classes or a number: with more, no score has a direction of its own");
        }

        sbyte[] ofFeature = new sbyte[set.FeatureCount];
        foreach ((string name, int direction) in monotone)
        {
            int feature = set.Names is null ? -1 : set.Names.ToList().IndexOf(name);
            if (feature < 0 || direction is not (1 or -1))
            {
                throw Refuse($"'{name}' to {direction}, expected a feature to 1 or -1");
            }

            ofFeature[feature] = (sbyte)direction;
        }

        return [.. features.Select(feature => ofFeature[feature])];
    }

    private static TrainingException Refuse(string found) =>
        new(TrainingFault.InvalidSpec, $"spec, parameters.monotone: {found}");
}

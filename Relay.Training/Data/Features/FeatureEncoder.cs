using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common;

namespace Relay.Training.Data.Features;

/// <summary>Turns data sets into the float32 columns that engines take, with codes learned from the training rows alone.</summary>
public sealed class FeatureEncoder
{
    private readonly CategoryEncoder?[] _encoders;

    private FeatureEncoder(CategoryEncoder?[] encoders, IReadOnlyList<FeatureEncoding> encodings)
    {
        _encoders = encoders;
        Encodings = encodings;
    }

    /// <summary>Per feature, what the exported graph has to do.</summary>
    public IReadOnlyList<FeatureEncoding> Encodings { get; }

    public static FeatureEncoder Fit(DataSet training)
    {
        CategoryEncoder?[] encoders =
            [.. training.Columns.Select(c => c is CategoryColumn category ? CategoryEncoder.Fit(category) : null)];
        return Create(training.Columns.Select(c => c.Name), encoders);
    }

    /// <param name="encoders">Per feature, null for a number.</param>
    internal static FeatureEncoder Create(IEnumerable<string> names, CategoryEncoder?[] encoders) =>
        new(encoders, [.. names.Select((name, i) => new FeatureEncoding(name, encoders[i]?.Categories))]);

    /// <summary>The rows of a data set with the columns of training. Arrays of number columns are shared, not copied.</summary>
    public TrainingSet Encode(DataSet set)
    {
        if (!set.Columns.Select(c => c.Name).SequenceEqual(Encodings.Select(e => e.Name)))
        {
            throw new ArgumentException("The data set does not have the columns of training.", nameof(set));
        }

        float[][] columns = new float[_encoders.Length][];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = set.Columns[i] switch
            {
                NumberColumn number => number.Values,
                CategoryColumn category => _encoders[i]!.Encode(category),
                DataColumn other => throw new ArgumentException($"A column of type {other.GetType().Name} has no encoding.", nameof(set)),
            };
        }

        return new TrainingSet(columns, set.Labels, Math.Max(1, set.Classes.Count))
        {
            Names = [.. Encodings.Select(e => e.Name)],
            Targets = set.Targets,
            SampleWeights = set.SampleWeights,
        };
    }
}

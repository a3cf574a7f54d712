using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Sharding;
using Shared.Contracts.Models;

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

    /// <summary>Learns codes alone, whatever the number of texts.</summary>
    public static FeatureEncoder Fit(DataSet training)
    {
        CategoryEncoder?[] encoders =
            [.. training.Columns.Select(c => c is CategoryColumn category ? CategoryEncoder.Fit(category) : null)];
        return Create(training.Columns.Select(c => c.Name), encoders);
    }

    /// <summary>Learns what the spec asks for of rows that this process has all of.</summary>
    /// <param name="encoded">The training rows, encoded: not the same as <see cref="Encode(DataSet)"/>, where there are target statistics.</param>
    public static FeatureEncoder Fit(DataSet training, ModelSpec spec, out TrainingSet encoded)
    {
        Lazy<TargetValues> values = new(() => TargetValues.Create(
            training.Labels, [.. training.Classes.Select(c => training.Summary.ClassRows[c])], training.Targets,
            training.Rows, SingleShard.Instance));
        CategoryEncoder?[] encoders = [.. training.Columns.Select(c => c is CategoryColumn category ? Fit(category) : null)];
        FeatureEncoder encoder = Create(training.Columns.Select(c => c.Name), encoders);
        encoded = encoder.Encode(training, (column, of) => of.EncodeTraining(column));
        foreach (CategoryEncoder? fitted in encoders)
        {
            fitted?.Statistics?.DropFolds();
        }

        return encoder;

        CategoryEncoder Fit(CategoryColumn column)
        {
            switch (EncodingChoice.EncodingOf(spec, column.Name))
            {
                case CategoryEncoding.Count:
                    return CategoryEncoder.FitCounts(column, training.Labels, training.Classes.ToList().IndexOf(spec.Label.Benign!));
                case CategoryEncoding.Lookup:
                    return CategoryEncoder.FitLookup(column, training);
            }

            CategoryEncoder codes = CategoryEncoder.Fit(column);
            return EncodingChoice.UsesStatistics(spec, column.Name, codes.Categories.Count) ? codes.WithStatistics(column, values.Value) : codes;
        }
    }

    /// <param name="encoders">Per feature, null for a number.</param>
    internal static FeatureEncoder Create(IEnumerable<string> names, CategoryEncoder?[] encoders) =>
        new(encoders, [.. names.Select(
            (name, i) => new FeatureEncoding(name, encoders[i]?.Categories)
            {
                Statistics = encoders[i]?.ListStatistics(),
                IsLookup = encoders[i]?.Statistics is LookupClasses,
            })]);

    /// <summary>Of a model that was not trained here.</summary>
    /// <param name="encodings">Without statistics.</param>
    internal static FeatureEncoder FromEncodings(IReadOnlyList<FeatureEncoding> encodings) =>
        new([.. encodings.Select(e => e.Categories is { } texts ? CategoryEncoder.FromCategories(texts) : null)], encodings);

    /// <summary>The rows of a data set with the columns of training. Arrays of number columns are shared, not copied.</summary>
    public TrainingSet Encode(DataSet set) => Encode(set, (column, encoder) => encoder.Encode(column));

    /// <summary>The numbers that trees see of one column.</summary>
    internal float[][] Encode(CategoryColumn column) => _encoders[Encodings.Index().First(e => e.Item.Name == column.Name).Index]!.Encode(column);

    private TrainingSet Encode(DataSet set, Func<CategoryColumn, CategoryEncoder, float[][]> encode)
    {
        if (!set.Columns.Select(c => c.Name).SequenceEqual(Encodings.Select(e => e.Name)))
        {
            throw new ArgumentException("The data set does not have the columns of training.", nameof(set));
        }

        List<float[]> columns = [];
        for (int i = 0; i < _encoders.Length; i++)
        {
            columns.AddRange(set.Columns[i] switch
            {
                NumberColumn number => [number.Values],
                CategoryColumn category => encode(category, _encoders[i]!),
                DataColumn other => throw new ArgumentException($"A column of type {other.GetType().Name} has no encoding.", nameof(set)),
            });
        }

        return new TrainingSet([.. columns], set.Labels, Math.Max(1, set.Classes.Count))
        {
            Names = [.. FeatureEncoding.FeatureOfColumns(Encodings).Select(f => Encodings[f].Name)],
            Targets = set.Targets,
            SampleWeights = set.SampleWeights,
        };
    }
}

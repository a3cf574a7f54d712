using Microsoft.ML;
using Microsoft.ML.Data;
using Relay.Training.Engines.Common;

namespace Relay.Training.Engines.MlNet;

/// <summary>Encoded rows as ML.NET reads them. Rows are made while they are read, so no copy of the columns is kept.</summary>
internal static class RowView
{
    public const string Features = nameof(TrainingRow.Features);
    public const string Class = nameof(TrainingRow.Class);
    public const string Positive = nameof(TrainingRow.Positive);
    public const string Target = nameof(TrainingRow.Target);
    public const string Weight = nameof(TrainingRow.Weight);

    /// <param name="rows">Which rows of the set, in order; null takes all.</param>
    public static IDataView Create(MLContext context, TrainingSet set, IReadOnlyList<int>? rows, CancellationToken cancellationToken)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(TrainingRow));
        schema[Features].ColumnType = new VectorDataViewType(NumberDataViewType.Single, set.Columns.Length);
        schema[Class].ColumnType = new KeyDataViewType(typeof(uint), Math.Max(1, set.ClassCount));
        return context.Data.LoadFromEnumerable(Read(), schema);

        IEnumerable<TrainingRow> Read()
        {
            int count = rows?.Count ?? set.RowCount;
            for (int i = 0; i < count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int row = rows?[i] ?? i;
                yield return new TrainingRow
                {
                    Features = [.. set.Columns.Select(c => c[row])],
                    Class = (uint)set.Labels[row],
                    Positive = set.Labels[row] == 1,
                    Target = set.Targets?[row] ?? 0,
                    Weight = set.SampleWeights?[row] ?? 1,
                };
            }
        }
    }

    /// <summary>Features alone, as a deployed model has them. ML.NET makes each column of such a view an input of the graph.</summary>
    public static IDataView FeaturesOnly(MLContext context, int featureCount, params float[][] rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(FeatureRow));
        schema[Features].ColumnType = new VectorDataViewType(NumberDataViewType.Single, featureCount);
        return context.Data.LoadFromEnumerable(rows.Select(r => new FeatureRow { Features = r }), schema);
    }

    private sealed class TrainingRow
    {
        public float[] Features { get; set; } = [];

        /// <summary>From 0: a key in a property starts at 0, although 0 means missing inside ML.NET.</summary>
        public uint Class { get; set; }

        public bool Positive { get; set; }

        public float Target { get; set; }

        public float Weight { get; set; }
    }

    private sealed class FeatureRow
    {
        public float[] Features { get; set; } = [];
    }
}

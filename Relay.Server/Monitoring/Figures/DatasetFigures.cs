using System.Data.Common;
using Relay.Server.Datasets;
using Relay.Server.Datasets.Samples;

namespace Relay.Server.Monitoring.Figures;

/// <summary>Datasets, from the sums that each keeps.</summary>
internal sealed class DatasetFigures(DatasetStore datasets) : IFigureSource
{
    /// <summary>Each has sums of its own to read.</summary>
    private const int MaximumDatasets = 50;

    private static readonly Gauge Number = new("relay.datasets", "{dataset}", "Datasets, also those beyond the first 50");
    private static readonly Gauge Rows = new("relay.dataset.rows", "{row}", "Rows of a dataset; of the first 50 by name");
    private static readonly Gauge Labels = new("relay.dataset.labels", "{label}", "Labels of a dataset; of the first 50 by name");

    public string Part => "datasets";

    public IReadOnlyList<Gauge> Gauges { get; } = [Number, Rows, Labels];

    public IEnumerable<Figure> Read()
    {
        yield return Number.Measure(datasets.Count());
        foreach (Dataset dataset in datasets.List(part: null, cursor: null, MaximumDatasets))
        {
            using DbConnection connection = dataset.Samples.OpenForReads();
            SampleState state = SampleState.Read(connection, null);
            yield return Rows.Measure(state.Rows, "dataset", dataset.Name);
            yield return Labels.Measure(state.Labels, "dataset", dataset.Name);
        }
    }
}

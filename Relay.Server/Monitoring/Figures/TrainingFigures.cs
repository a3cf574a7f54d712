using System.Data.Common;
using Dapper;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Monitoring.Figures;

/// <summary>Training runs.</summary>
internal sealed class TrainingFigures(RelayDatabase database) : IFigureSource
{
    private static readonly Gauge Runs = new("relay.training.runs", "{run}", "Training runs that the relay keeps, by state");

    public string Part => "training";

    public IReadOnlyList<Gauge> Gauges { get; } = [Runs];

    public IEnumerable<Figure> Read()
    {
        using DbConnection connection = database.Open();
        Dictionary<string, long> runs = connection
            .Query<(string State, long Count)>("SELECT state, count(*) FROM training_runs GROUP BY state")
            .ToDictionary(row => row.State, row => row.Count, StringComparer.Ordinal);
        return
        [
            .. Enum.GetValues<TrainingRunState>()
                .Select(state => state.ToString().ToLowerInvariant())
                .Select(state => Runs.Measure(runs.GetValueOrDefault(state), "state", state)),
        ];
    }
}

using System.Data.Common;
using Relay.Server.Storage;
using Relay.Server.Training;
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
        IReadOnlyDictionary<string, int> runs = TrainingRunCounts.CountByState(connection);
        return
        [
            .. Enum.GetValues<TrainingRunState>()
                .Select(state => state.ToString().ToLowerInvariant())
                .Select(state => Runs.Measure(runs.GetValueOrDefault(state), "state", state)),
        ];
    }
}

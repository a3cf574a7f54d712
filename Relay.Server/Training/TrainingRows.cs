using Relay.Training;
using Relay.Training.Data;
using Relay.Training.Data.Tables;
using Relay.Training.Simulation;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>Opens the data source of a run.</summary>
internal sealed class TrainingRows(DatasetFolder datasets)
{
    /// <exception cref="TrainingException">A file was deleted after the run was queued.</exception>
    public DataOrigin Open(ClaimedRun run, IProgress<TrainingProgress> progress, CancellationToken cancellationToken) =>
        run.Data.Simulator is { } simulator
            ? Simulate(run.Spec, simulator, progress, cancellationToken)
            : new DataOrigin.Files(Find(run.Data.Train!), run.Data.Test is { } test ? Find(test) : null);

    private string Find(string relativePath) => datasets.Find(relativePath) ?? throw new TrainingException(
        TrainingFault.MissingData, $"{relativePath}: the relay's datasets folder has no such file; restore it and start the run again.");

    private static DataOrigin.Rows Simulate(
        ModelSpec spec, SimulatorSource source, IProgress<TrainingProgress> progress, CancellationToken cancellationToken)
    {
        DataSplit split = SimulatedData.Create(spec, source.Seed, source.Requests, progress, cancellationToken);
        return new DataOrigin.Rows(split.Train, split.Test);
    }
}

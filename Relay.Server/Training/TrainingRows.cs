using Relay.Training;

namespace Relay.Server.Training;

/// <summary>Opens the data source of a run.</summary>
internal sealed class TrainingRows(DatasetFolder datasets)
{
    /// <exception cref="TrainingException">A file was deleted after the run was queued.</exception>
    public DataOrigin Open(ClaimedRun run) => run.Data.Simulator is { } simulator
        ? new DataOrigin.Simulated(simulator.Seed, simulator.Requests)
        : new DataOrigin.Files(Find(run.Data.Train!), run.Data.Test is { } test ? Find(test) : null);

    private string Find(string relativePath) => datasets.Find(relativePath) ?? throw new TrainingException(
        TrainingFault.MissingData, $"{relativePath}: the relay's datasets folder has no such file; restore it and start the run again.");
}

using Relay.Server.Datasets;
using Relay.Server.Datasets.Reading;
using Relay.Server.Datasets.Selection;
using Relay.Server.Fleet.Identity;
using Relay.Server.Storage;
using Relay.Training;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>Opens the data source of a run.</summary>
/// <param name="own">The folder of a process that trains beside the relay, which notes its copies of rows for the relay; null in the relay
/// itself.</param>
internal sealed class TrainingRows(
    DatasetFolder folder, DatasetStore datasets, TemporaryCopies copies, NodeKeys nodes, DataFolder data, StorageHealth storage,
    WorkerCopies workers, WorkerFolder? own = null)
{
    /// <exception cref="TrainingException">A file or a dataset was deleted after the run was queued, or the dataset has too few rows.</exception>
    public OpenedRows Open(ClaimedRun run, CancellationToken cancellationToken)
    {
        if (run.Data.Dataset is not { } rows)
        {
            return new OpenedRows(run.Data.Simulator is { } simulator
                ? new DataOrigin.Simulated(simulator.Seed, simulator.Requests)
                : new DataOrigin.Files(Find(run.Data.Train!), run.Data.Test is { } test ? Find(test) : null));
        }

        TrainingFiles files = Write(
            rows, run.Spec, run.Data.Test is not null, used: null, Path.Combine(data.Uploads, $"run-{run.Id}"), cancellationToken);
        try
        {
            return new OpenedRows(new DataOrigin.Files(files.Train, files.Test ?? Find(run.Data.Test!)), files);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Writes the rows of a dataset as the files that a run trains on.</summary>
    /// <param name="used">What an earlier run took, whose rows are to be the same; null for a new run.</param>
    /// <param name="target">A folder that nothing else uses; its parent exists.</param>
    /// <exception cref="TrainingException">The dataset was deleted, or has too few rows.</exception>
    /// <exception cref="IOException">The disk is full, or keeps what is left for the relay.</exception>
    public TrainingFiles Write(
        DatasetRows rows, ModelSpec spec, bool hasTestFile, DatasetUse? used, string target, CancellationToken cancellationToken)
    {
        Dataset dataset = datasets.Find(rows.Name) ?? throw new TrainingException(
            TrainingFault.MissingData, $"dataset {rows.Name}: it was deleted after the run was queued");
        if (TrainingColumns.FindMissing(spec, dataset.Spec) is { } missing)
        {
            throw new TrainingException(TrainingFault.MissingData, $"dataset {rows.Name}: expected {missing}");
        }

        NodeRules rules = used is null
            ? new(nodes.FindBanned(), dataset.Spec.Limits.NodeShare)
            : new(used.BannedNodes ?? [], used.NodeShare);
        IDisposable copy = own is null ? copies.Begin(rows.Name) : workers.Begin(own.Name, rows.Name);
        try
        {
            return TrainingFiles.Write(
                dataset, used?.Position ?? rows.Position, spec, hasTestFile, rules, target, copy, new SpaceGuard(storage),
                cancellationToken);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    private string Find(string relativePath) => folder.Find(relativePath) ?? throw new TrainingException(
        TrainingFault.MissingData, $"{relativePath}: the relay's datasets folder has no such file; restore it and start the run again.");
}

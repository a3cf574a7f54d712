using Relay.Server.Datasets.Selection;
using Relay.Training;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>The rows of a run, for as long as it needs them.</summary>
/// <param name="files">Those of a dataset; null for rows from elsewhere.</param>
internal sealed class OpenedRows(DataOrigin origin, TrainingFiles? files = null) : IDisposable
{
    public DataOrigin Origin { get; } = origin;

    /// <summary>What was taken of a dataset; null for rows from elsewhere.</summary>
    public DatasetUse? Use => files?.Use;

    public void Dispose() => files?.Dispose();
}

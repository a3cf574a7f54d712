using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Importing.Proof;

/// <summary>Proves that a finished file answers as what it was made of.</summary>
internal interface IImportProof : IDisposable
{
    /// <summary>The number of thresholds of the source.</summary>
    long Thresholds { get; }

    /// <summary>How many of them are no float32.</summary>
    long RoundedThresholds { get; }

    /// <param name="given">Held-out rows.</param>
    /// <exception cref="TrainingException">With ImportMismatch: the first row that differs, with both answers.</exception>
    ProofCounts Require(
        byte[] artifact, ModelSchema schema, DataSet given, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken);
}

using Relay.Training.Engines.Common;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Abstractions;

/// <summary>Trains a tree ensemble. From the managed engine the same rows and parameters give the same one, bit by bit, on any number of
/// threads; libraries that add floating-point numbers in parallel do not guarantee that.</summary>
public interface IEnsembleTrainer
{
    /// <summary>Whether rows may come as bins alone, without their values: large files are then never in memory as numbers.</summary>
    bool TakesBins => false;

    /// <exception cref="TrainingException">A parameter is out of range.</exception>
    /// <exception cref="OperationCanceledException">Within a second of the request.</exception>
    TreeEnsemble Train(
        TrainingSet set, ModelParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken);
}

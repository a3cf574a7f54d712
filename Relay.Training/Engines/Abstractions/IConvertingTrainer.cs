using Relay.Training.Engines.Common;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Abstractions;

/// <summary>A trainer whose framework writes ONNX by itself too, for comparing that graph with ours.</summary>
public interface IConvertingTrainer : IEnsembleTrainer
{
    /// <summary>As <see cref="IEnsembleTrainer.Train"/>, and the framework's own graph of the same model.</summary>
    ConvertedEnsemble TrainAndConvert(
        TrainingSet set, ModelParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken);
}

/// <summary>One model in two forms.</summary>
/// <param name="Onnx">The framework's graph: one input of shape [rows, features] in float32, NaN is a missing value.</param>
/// <param name="ScoreOutput">The output with a probability per class, or with that of class 1 of two, or with a number.</param>
public sealed record ConvertedEnsemble(TreeEnsemble Ensemble, byte[] Onnx, string Input, string ScoreOutput);

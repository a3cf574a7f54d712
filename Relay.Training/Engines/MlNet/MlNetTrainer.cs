using Microsoft.ML;
using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.MlNet;

/// <summary>Trains FastTree or FastForest; with more than two classes, one classifier per class against the rest.</summary>
/// <param name="threads">Null takes the machine's processors.</param>
internal sealed class MlNetTrainer(ModelAlgorithm algorithm, int? threads) : IConvertingTrainer
{
    public TreeEnsemble Train(
        TrainingSet set, ModelParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        Run(set, parameters, progress, (_, _, ensemble) => ensemble, cancellationToken);

    public ConvertedEnsemble TrainAndConvert(
        TrainingSet set, ModelParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        Run(set, parameters, progress, ConverterExport.Convert, cancellationToken);

    private T Run<T>(
        TrainingSet set, ModelParameters parameters, IProgress<TrainingProgress>? progress,
        Func<MLContext, MlNetModel, TreeEnsemble, T> finish, CancellationToken cancellationToken)
    {
        MlNetParameters resolved = MlNetParameters.From(parameters);
        TrainingSetChecks.Require(set);
        return UninterruptibleFit.Run(
            () =>
            {
                MLContext context = new(resolved.Seed);
                using CancellationTokenRegistration stop = cancellationToken.Register(() => MlNetInternals.Cancel(context));
                progress?.Report(new TrainingProgress("fit", 0, resolved.Trees));
                TreeFitter fitter = new(context, algorithm, resolved, threads ?? Environment.ProcessorCount);
                MlNetModel model = fitter.Fit(set, cancellationToken);
                TreeEnsemble ensemble = EnsembleRebuilder.Rebuild(model, fitter.Filled);
                RebuildCheck.Require(context, model, ensemble, set, cancellationToken);
                progress?.Report(new TrainingProgress("fit", resolved.Trees, resolved.Trees));
                return finish(context, model, ensemble);
            },
            cancellationToken);
    }
}

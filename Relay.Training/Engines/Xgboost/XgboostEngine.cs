using Relay.Training.Engines.Abstractions;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Xgboost;

/// <summary>Gradient boosting by the XGBoost library of the machine, which is not shipped.</summary>
internal sealed class XgboostEngine : ITrainingEngine
{
    public IReadOnlyList<TrainerEntry> Trainers { get; } =
    [
        new(
            EngineCatalog.Xgboost, ModelAlgorithm.GradientBoosting, TrainerEntry.ClassesAndNumbers,
            ["trees", "depth", "learningRate", "minChildWeight", "l2", "columnShare", "rowShare", "earlyStoppingRounds", "watchedShare",
             "monotone", "scale", "seed"],
            threads => new XgboostTrainer(threads), given => XgboostParameters.From(given)),
    ];

    public void RequirePresent() => XgboostLibrary.Require();
}

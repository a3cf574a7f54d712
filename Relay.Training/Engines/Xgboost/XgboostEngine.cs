using Relay.Training.Engines.Abstractions;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Xgboost;

/// <summary>Gradient boosting by the XGBoost library of the machine, which is not shipped.</summary>
internal sealed class XgboostEngine : ITrainingEngine
{
    public const string EngineName = "xgboost";

    public string Name => EngineName;

    public string Version => XgboostLibrary.Version;

    public bool IsThreadIndependent => false;

    public IReadOnlyList<TrainerEntry> Trainers { get; } =
    [
        new(
            ModelAlgorithm.GradientBoosting, TrainerEntry.ClassesAndNumbers, XgboostParameters.Table,
            threads => new XgboostTrainer(threads)) { GrowsTreesPerClass = true },
    ];

    public void RequirePresent() => XgboostLibrary.Require();
}

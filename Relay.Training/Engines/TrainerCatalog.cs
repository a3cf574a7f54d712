using Relay.Training.Engines.Xgboost;
using Shared.Contracts.Models;

namespace Relay.Training.Engines;

/// <summary>Which trainer a spec asks for.</summary>
public static class TrainerCatalog
{
    public const string Managed = "managed";

    /// <summary>Gradient boosting by the XGBoost library of the machine.</summary>
    public const string Xgboost = "xgboost";

    /// <summary>FastTree and FastForest of ML.NET.</summary>
    public const string MlNet = "mlnet";

    // The one engine in an assembly of its own, because its packages do not restore everywhere. A program has it by
    // referring to that project; here it is known by name only.
    private const string MlNetType = "Relay.Training.MlNet.MlNetEngine, Relay.Training.MlNet";

    private static readonly ITrainingEngine[] _engines = Find();

    /// <summary>Names of the engines of this program, the default first. XGBoost is among them where its library is missing too,
    /// and says so when it is asked for.</summary>
    public static IReadOnlyList<string> Engines { get; } = [.. _engines.Select(e => e.Name)];

    /// <param name="threads">Null takes the machine's processors.</param>
    /// <exception cref="TrainingException">The spec names an engine that is not here, or asks it for what it does not do.</exception>
    public static IEnsembleTrainer Create(ModelSpec spec, int? threads = null)
    {
        ITrainingEngine engine = Engine(spec.Engine);
        engine.Require(spec);
        return engine.Create(spec, threads);
    }

    /// <summary>Checks engine, task, algorithm and parameters without training.</summary>
    /// <exception cref="TrainingException">With InvalidSpec or EngineMissing.</exception>
    public static void Require(ModelSpec spec) => Engine(spec.Engine).Require(spec);

    private static ITrainingEngine[] Find()
    {
        ITrainingEngine[] always = [new ManagedEngine(), new XgboostEngine()];
        return Type.GetType(MlNetType) is { } type ? [.. always, (ITrainingEngine)Activator.CreateInstance(type)!] : always;
    }

    private static ITrainingEngine Engine(string name) =>
        Array.Find(_engines, e => e.Name == name)
        ?? throw (name == MlNet
            ? new TrainingException(
                TrainingFault.EngineMissing,
                $"spec, engine '{MlNet}': this build has none, because the Microsoft.ML packages did not restore; build where they do")
            : new TrainingException(
                TrainingFault.InvalidSpec, $"spec, engine '{name}': expected one of {string.Join(", ", Engines)}"));
}

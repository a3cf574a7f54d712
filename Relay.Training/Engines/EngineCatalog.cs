using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed;
using Relay.Training.Engines.MlNet;
using Relay.Training.Engines.Xgboost;
using Shared.Contracts.Models;

namespace Relay.Training.Engines;

/// <summary>Which engine trains which task by which algorithm, and which parameters it reads.</summary>
public static class EngineCatalog
{
    public const string Managed = "managed";

    /// <summary>Gradient boosting by the XGBoost library of the machine.</summary>
    public const string Xgboost = "xgboost";

    /// <summary>FastTree and FastForest of ML.NET.</summary>
    public const string MlNet = "mlnet";

    private static readonly ITrainingEngine[] EnginesHere = [new ManagedEngine(), new XgboostEngine(), new MlNetEngine()];

    private static readonly IReadOnlyList<(TrainerEntry Entry, ITrainingEngine Engine)> Trainers =
        [.. EnginesHere.SelectMany(engine => engine.Trainers.Select(entry => (entry, engine)))];

    /// <summary>Names of the engines of this program, the default first. XGBoost is among them where its library is missing too,
    /// and says so when it is asked for.</summary>
    public static IReadOnlyList<string> Engines { get; } = [.. Trainers.Select(t => t.Entry.Engine).Distinct()];

    /// <param name="threads">Null takes the machine's processors.</param>
    /// <param name="checkpoint">Null: a run that is stopped is lost.</param>
    /// <exception cref="TrainingException">The spec asks for what no engine here trains, for a scaler, which grows no trees, or
    /// for an algorithm that keeps no checkpoint where one is given.</exception>
    public static IEnsembleTrainer Create(ModelSpec spec, int? threads = null, TrainingCheckpoint? checkpoint = null)
    {
        IEnsembleTrainer trainer = Find(spec).Entry.Create?.Invoke(threads) ?? throw Refuse($"algorithm {spec.Algorithm}: grows no trees");
        if (checkpoint is not null)
        {
            (trainer as IResumableTrainer ?? throw Refuse($"algorithm {spec.Algorithm}: keeps no checkpoint")).Checkpoint = checkpoint;
        }

        return trainer;
    }

    /// <summary>Whether a run of this spec can go on after a kill, see <see cref="TrainingCheckpoint"/>.</summary>
    /// <exception cref="TrainingException">The spec asks for what no engine here trains.</exception>
    public static bool KeepsCheckpoints(ModelSpec spec) => Find(spec).Entry.Create?.Invoke(null) is IResumableTrainer;

    /// <summary>Checks engine, task, algorithm and parameters without training.</summary>
    /// <exception cref="TrainingException">With InvalidSpec or EngineMissing.</exception>
    public static void Require(ModelSpec spec)
    {
        (TrainerEntry entry, ITrainingEngine engine) = Find(spec);
        if (SpecParameters.Given(spec.Parameters).FirstOrDefault(name => !entry.Parameters.Contains(name)) is { } unread)
        {
            string[] readers =
            [
                .. Trainers.Select(t => t.Entry).Where(e => e.Parameters.Contains(unread))
                    .Select(e => e.Engine == spec.Engine ? $"{e.Algorithm}" : $"{e.Algorithm} of engine '{e.Engine}'"),
            ];
            throw Refuse(
                $"parameters.{unread}: {spec.Algorithm} of engine '{spec.Engine}' does not read it; "
                + (readers.Length == 0 ? "nothing does" : $"it is for {string.Join(" and ", readers)}"));
        }

        entry.Check(spec.Parameters);
        engine.RequirePresent();
    }

    private static (TrainerEntry Entry, ITrainingEngine Engine) Find(ModelSpec spec)
    {
        (TrainerEntry Entry, ITrainingEngine Engine)[] engine = [.. Trainers.Where(t => t.Entry.Engine == spec.Engine)];
        if (engine.Length == 0)
        {
            throw Refuse($"engine '{spec.Engine}': expected {string.Join(" or ", Engines.Select(e => $"'{e}'"))}");
        }

        return engine.FirstOrDefault(t => t.Entry.Algorithm == spec.Algorithm && t.Entry.Tasks.Contains(spec.Task)) is { Entry: not null } found
            ? found
            : throw Refuse($"algorithm {spec.Algorithm} for {spec.Task}: the engine '{spec.Engine}' does not train it");
    }

    private static TrainingException Refuse(string why) => new(TrainingFault.InvalidSpec, $"spec, {why}");
}

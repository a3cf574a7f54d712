using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common.Checkpoints;
using Relay.Training.Engines.Managed;
using Relay.Training.Engines.MlNet;
using Relay.Training.Engines.Xgboost;
using Shared.Contracts.Models;

namespace Relay.Training.Engines;

/// <summary>The engines of a program: finds the trainer for a spec and checks that it reads the spec's parameters.</summary>
public sealed class EngineCatalog
{
    private readonly IReadOnlyList<ITrainingEngine> _engines;

    /// <param name="engines">The default first.</param>
    internal EngineCatalog(IReadOnlyList<ITrainingEngine> engines) => _engines = engines;

    /// <summary>Names of the engines, the default first. XGBoost is among them where its library is missing too, and is refused when a
    /// spec asks for it.</summary>
    public IReadOnlyList<string> Names => [.. _engines.Select(e => e.Name)];

    internal IReadOnlyList<ITrainingEngine> Engines => _engines;

    private ITrainingEngine Default => _engines[0];

    /// <summary>A catalog of all engines of this library. A new engine is a folder and an entry here.</summary>
    public static EngineCatalog CreateDefault() => new([new ManagedEngine(), new XgboostEngine(), new MlNetEngine()]);

    /// <param name="threads">Null takes the machine's processors.</param>
    /// <param name="checkpoint">Null: a run that is stopped is lost.</param>
    /// <exception cref="TrainingException">The spec asks for what no engine here trains, for a scaler, which grows no trees, or
    /// for an algorithm that keeps no checkpoint where one is given.</exception>
    public IEnsembleTrainer Create(ModelSpec spec, int? threads = null, TrainingCheckpoint? checkpoint = null)
    {
        IEnsembleTrainer trainer = Find(spec).Entry.Create?.Invoke(threads) ?? throw Refuse($"algorithm {spec.Algorithm}: grows no trees");
        if (checkpoint is not null)
        {
            (trainer as IResumableTrainer ?? throw Refuse($"algorithm {spec.Algorithm}: keeps no checkpoint")).Checkpoint = checkpoint;
        }

        return trainer;
    }

    /// <summary>Whether a run of this spec can continue after a kill, see <see cref="TrainingCheckpoint"/>.</summary>
    /// <exception cref="TrainingException">The spec asks for what no engine here trains.</exception>
    public bool KeepsCheckpoints(ModelSpec spec) =>
        spec is { Tune: null, Budget: null } && Find(spec).Entry.Create?.Invoke(null) is IResumableTrainer;

    /// <summary>Checks engine, task, algorithm and parameters without training.</summary>
    /// <exception cref="TrainingException">With InvalidSpec or EngineMissing.</exception>
    public void Require(ModelSpec spec)
    {
        if (spec.Algorithm is ModelAlgorithm.Imported)
        {
            RequireNothingToTrain(spec);
            return;
        }

        (ITrainingEngine engine, TrainerEntry entry) = Find(spec);
        if (ParameterTable.All.FirstOrDefault(p => p.Value(spec.Parameters) is not null && !entry.Parameters.Reads(p)) is { } unread)
        {
            string readers = Readers(unread, spec.Engine);
            throw Refuse(
                $"parameters.{unread.Name}: {spec.Algorithm} of engine '{spec.Engine}' does not read it; "
                + (readers.Length == 0 ? "nothing does" : $"it is for {readers}"));
        }

        entry.Parameters.Require(spec.Parameters);
        if (spec.Tune is not null && engine != Default)
        {
            throw Refuse($"tune: the engine '{engine.Name}' is not searched; it is for the engine '{Default.Name}'");
        }

        if (spec.Budget is not null && engine != Default)
        {
            throw Refuse(
                $"budget: the engine '{engine.Name}' is not searched for a small model; it is for the engine '{Default.Name}'. "
                + "Bounds alone are gates: gates.file-size.fail and gates.latency.fail");
        }

        engine.RequirePresent();
    }

    /// <summary>The engine that a spec names.</summary>
    /// <exception cref="TrainingException">The spec asks for what no engine here trains.</exception>
    internal ITrainingEngine EngineOf(ModelSpec spec) => Find(spec).Engine;

    /// <summary>The number of trees that a spec asks for, where each class has its own; null where the classes share theirs.</summary>
    /// <exception cref="TrainingException">The spec asks for what no engine here trains.</exception>
    internal long? CountTreesOfClasses(ModelSpec spec, int classes)
    {
        TrainerEntry entry = Find(spec).Entry;
        return entry.GrowsTreesPerClass && classes > 2
            ? (long)(spec.Parameters.Trees ?? entry.Parameters.WholeDefault(ParameterTable.Trees)) * classes
            : null;
    }

    private static void RequireNothingToTrain(ModelSpec spec)
    {
        if (ParameterTable.All.FirstOrDefault(p => p.Value(spec.Parameters) is not null) is { } unread)
        {
            throw Refuse($"parameters.{unread.Name}: algorithm imported trains nothing and reads no parameter");
        }
    }

    private string Readers(ParameterDefinition parameter, string engineOfSpec) => string.Join(
        " and ",
        from engine in _engines
        from entry in engine.Trainers
        where entry.Parameters.Reads(parameter)
        select engine.Name == engineOfSpec ? $"{entry.Algorithm}" : $"{entry.Algorithm} of engine '{engine.Name}'");

    private (ITrainingEngine Engine, TrainerEntry Entry) Find(ModelSpec spec)
    {
        if (spec.Algorithm is ModelAlgorithm.Imported)
        {
            throw Refuse("algorithm imported: its versions are imported by 'relay import', and not trained");
        }

        ITrainingEngine engine = _engines.FirstOrDefault(e => e.Name == spec.Engine)
            ?? throw Refuse($"engine '{spec.Engine}': expected {string.Join(" or ", Names.Select(name => $"'{name}'"))}");
        TrainerEntry entry = engine.Trainers.FirstOrDefault(t => t.Algorithm == spec.Algorithm && t.Tasks.Contains(spec.Task))
            ?? throw Refuse($"algorithm {spec.Algorithm} for {spec.Task}: the engine '{spec.Engine}' does not train it");
        return (engine, entry);
    }

    private static TrainingException Refuse(string why) => new(TrainingFault.InvalidSpec, $"spec, {why}");
}

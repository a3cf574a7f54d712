using Shared.Contracts.Models;

namespace Relay.Training.Engines;

/// <summary>Which engine trains which task by which algorithm, and which parameters it reads.</summary>
public static class TrainerCatalog
{
    public const string Managed = "managed";

    private static readonly ModelTask[] ClassesAndNumbers = [ModelTask.Classification, ModelTask.Regression];

    private static readonly IReadOnlyList<TrainerEntry> Entries =
    [
        new(
            Managed, ModelAlgorithm.RandomForest, ClassesAndNumbers,
            ["trees", "depth", "minSamplesLeaf", "minSamplesSplit", "columnShare", "scale", "seed"],
            threads => new RandomForestTrainer(threads), given => ForestParameters.From(given)),
        new(
            Managed, ModelAlgorithm.GradientBoosting, ClassesAndNumbers,
            ["trees", "depth", "learningRate", "minSamplesLeaf", "minSamplesSplit", "minChildWeight", "l2", "columnShare", "rowShare",
             "earlyStoppingRounds", "watchedShare", "monotone", "scale", "seed"],
            threads => new GradientBoostingTrainer(threads), given => BoostingParameters.From(given)),
        new(
            Managed, ModelAlgorithm.IsolationForest, [ModelTask.AnomalyDetection],
            ["trees", "samplesPerTree", "contamination", "scale", "seed"],
            threads => new IsolationForestTrainer(threads), given => IsolationParameters.From(given)),
        new(Managed, ModelAlgorithm.StandardScaler, [ModelTask.Scaling], [], null, _ => { }),
    ];

    /// <param name="threads">Null takes the machine's processors.</param>
    /// <param name="checkpoint">Null: a run that is stopped is lost.</param>
    /// <exception cref="TrainingException">The spec asks for what no engine here trains, for a scaler, which grows no trees, or
    /// for an algorithm that keeps no checkpoint where one is given.</exception>
    public static IEnsembleTrainer Create(ModelSpec spec, int? threads = null, TrainingCheckpoint? checkpoint = null)
    {
        IEnsembleTrainer trainer = Find(spec).Create?.Invoke(threads) ?? throw Refuse($"algorithm {spec.Algorithm}: grows no trees");
        if (checkpoint is not null)
        {
            (trainer as IResumableTrainer ?? throw Refuse($"algorithm {spec.Algorithm}: keeps no checkpoint")).Checkpoint = checkpoint;
        }

        return trainer;
    }

    /// <summary>Checks engine, task, algorithm and parameters without training.</summary>
    /// <exception cref="TrainingException">With <see cref="TrainingFault.InvalidSpec"/>.</exception>
    public static void Require(ModelSpec spec)
    {
        TrainerEntry entry = Find(spec);
        if (SpecParameters.Given(spec.Parameters).FirstOrDefault(name => !entry.Parameters.Contains(name)) is { } unread)
        {
            string[] readers =
            [
                .. Entries.Where(e => e.Parameters.Contains(unread))
                    .Select(e => e.Engine == spec.Engine ? $"{e.Algorithm}" : $"{e.Algorithm} of engine '{e.Engine}'"),
            ];
            throw Refuse(
                $"parameters.{unread}: {spec.Algorithm} does not read it; "
                + (readers.Length == 0 ? "nothing does" : $"it is for {string.Join(" and ", readers)}"));
        }

        entry.Check(spec.Parameters);
    }

    private static TrainerEntry Find(ModelSpec spec)
    {
        TrainerEntry[] engine = [.. Entries.Where(e => e.Engine == spec.Engine)];
        if (engine.Length == 0)
        {
            throw Refuse($"engine '{spec.Engine}': expected {string.Join(" or ", Entries.Select(e => $"'{e.Engine}'").Distinct())}");
        }

        return engine.FirstOrDefault(e => e.Algorithm == spec.Algorithm && e.Tasks.Contains(spec.Task))
            ?? throw Refuse($"algorithm {spec.Algorithm} for {spec.Task}: the engine '{spec.Engine}' does not train it");
    }

    private static TrainingException Refuse(string why) => new(TrainingFault.InvalidSpec, $"spec, {why}");
}

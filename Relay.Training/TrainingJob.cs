using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common.Checkpoints;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Simulation;
using Relay.Training.Specs;
using Shared.Contracts.Models;

namespace Relay.Training;

/// <summary>One training run: what to learn, the number that the result gets, and the rows.</summary>
/// <param name="Version">From 1; stands in the artifact.</param>
public sealed record TrainingJob(ModelSpec Spec, int Version, DataOrigin Data)
{
    /// <summary>The file that the run saves its state to, to resume from after a kill; deleted when the run has its model. Null: a
    /// run that is stopped is lost.</summary>
    public TrainingCheckpoint? Checkpoint { get; init; }

    /// <summary>The clock of a search that the spec bounds in minutes.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The parameters that an earlier run chose within the budget of the spec, so that this one takes them without a search; null:
    /// search.</summary>
    public ModelParameters? BudgetParameters { get; init; }

    /// <summary>The group that runs this job together, each member on a shard of the training file; all get the same model.</summary>
    public IShardGroup Shards { get; init; } = SingleShard.Instance;

    /// <summary>Null takes the machine's processors.</summary>
    public int? Threads { get; init; }

    /// <summary>The version that the new one would replace; null where there is none, and no gate compares.</summary>
    public IncumbentModel? Incumbent { get; init; }

    /// <summary>The gates that a person accepts in advance, with the reason: the run goes on where one of them fails, and the card says so.</summary>
    public IReadOnlyDictionary<string, string> Accepted { get; init; } = new Dictionary<string, string>();

    /// <summary>A job on files that <see cref="KnownDataSets"/> recognized or a caller named.</summary>
    public static TrainingJob On(DataSource source, int version) =>
        new(source.Spec, version, new DataOrigin.Files(source.TrainPath, source.TestPath, source.HeldOutShare));
}

/// <summary>Where rows come from.</summary>
public abstract record DataOrigin
{
    private DataOrigin()
    {
    }

    /// <summary>Files of CSV, plain or gzip, in the form that the spec states, or of Parquet or Arrow.</summary>
    /// <param name="TestPath">The held-out file; null holds out the tail of the training file.</param>
    /// <param name="HeldOutShare">Share of rows of the tail, above 0 and below 1; not used with a test file.</param>
    public sealed record Files(string TrainPath, string? TestPath, double HeldOutShare = 0.25) : DataOrigin;

    /// <summary>A training file for each shard, in the order of their ranks: a shard reads no other. They give the model that one
    /// file of all their rows would give.</summary>
    /// <param name="TrainPaths">Each in the form that the spec states, with a header of its own where it states one.</param>
    /// <param name="TestPath">The held-out file, which all shards read.</param>
    public sealed record Parts(IReadOnlyList<string> TrainPaths, string TestPath) : DataOrigin;

    /// <summary>The training file of one of several owners, who share sums only: none reads another's.</summary>
    /// <param name="TestPath">The held-out file, of which each owner has a copy.</param>
    public sealed record Owned(string TrainPath, string TestPath, ShardAgreement Agreement) : DataOrigin;

    /// <summary>Traffic of <see cref="SimulatedData"/>.</summary>
    /// <param name="Requests">Of both parts.</param>
    public sealed record Simulated(int Seed, int Requests) : DataOrigin;

    /// <summary>Rows in memory, such as the simulator's; see <see cref="DataSetBuilder"/>.</summary>
    public sealed record Rows(DataSet Train, DataSet Test) : DataOrigin;
}

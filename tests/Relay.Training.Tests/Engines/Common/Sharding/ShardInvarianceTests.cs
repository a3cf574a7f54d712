using System.Text;
using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Engines.Common.Checkpoints;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Tests.Data;
using Relay.Training.Tests.Engines.Common.Checkpoints;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Common.Sharding;

/// <summary>A model owes nothing to how rows are spread over processes.</summary>
public sealed class ShardInvarianceTests : IDisposable
{
    private static readonly ModelSpec Spec = CsvFolder.Spec with
    {
        Columns =
        [
            new ColumnSpec("bytes", ColumnType.Number), new ColumnSpec("protocol", ColumnType.Category),
            new ColumnSpec("verdict", ColumnType.Label),
        ],
        Label = new LabelSpec { Benign = "fine" },
    };

    /// <summary>Rows weigh by class and age, and the oldest are left out.</summary>
    private static readonly ModelSpec WeighingSpec = Spec with
    {
        Columns = [.. Spec.Columns, new ColumnSpec("at", ColumnType.Time)],
        Weights = new WeightSpec { Balanced = true, Age = new AgeWeights() },
    };

    private readonly CsvFolder _folder = new();

    public static TheoryData<string, ModelParameters> Cases => new()
    {
        { "plain", new ModelParameters { Trees = 6 } },
        { "least rows in a leaf", new ModelParameters { Trees = 6, MinSamplesLeaf = 20 } },
        { "shares of rows and columns", new ModelParameters { Trees = 6, Subsample = 0.6, FeatureFraction = 0.7 } },
        { "leaf-wise", new ModelParameters { Trees = 6, Leaves = 12 } },
        { "leaf-wise with least rows in a leaf", new ModelParameters { Trees = 6, Leaves = 12, MinSamplesLeaf = 20 } },
        { "start scores", new ModelParameters { Trees = 6, StartScore = 1 } },
        { "early stopping", new ModelParameters { Trees = 30, EarlyStoppingRounds = 2 } },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_AnyNumberOfShardsAndThreads_GivesTheSameBits(string name, ModelParameters parameters)
    {
        DataSource source = Rows(name);

        string[] digests =
        [
            .. from shards in new[] { 1, 2, 3 }
               from threads in new[] { 1, 2 }
               from digest in ShardThreads.Run(shards, shard => Train(source, parameters, shard, threads))
               select digest,
        ];

        Assert.Equal(2 * (1 + 2 + 3), digests.Length);
        Assert.Single(digests.Distinct());
    }

    [Fact]
    public void Train_WeightsByClassAndAge_GivesTheSameBitsOnAnyNumberOfShards()
    {
        DataSource source = Rows("weights") with { Spec = WeighingSpec };
        ModelParameters parameters = new() { Trees = 6, Subsample = 0.5 };

        string[] digests = [.. new[] { 1, 2, 3 }.SelectMany(shards => ShardThreads.Run(shards, shard => Train(source, parameters, shard, 1)))];

        Assert.Single(digests.Distinct());
        Assert.InRange(DataLoader.LoadBinned(source).Train.RowCount, 1000, 3500);
    }

    [Fact]
    public void LoadBinned_OneShard_GivesTheModelOfRowsInMemory()
    {
        DataSource source = Rows("memory");
        ModelParameters parameters = new() { Trees = 6 };
        LoadedData inMemory = LoadedData.FromSplit(DataLoader.Load(source), source.Spec);

        Assert.Equal(
            EnsembleDigest.Compute(new GradientBoostingTrainer().Train(inMemory.Train, parameters, null, default)),
            Train(source, parameters, SingleShard.Instance, 2));
    }

    [Fact]
    public void Train_ShardLostAndStartedAgain_GoesOnToTheSameBits()
    {
        DataSource source = Rows("resume");
        ModelParameters parameters = new() { Trees = 12 };
        TrainingCheckpoint checkpoint = new(System.IO.Path.Combine(_folder.Path, "checkpoint")) { Interval = TimeSpan.Zero };
        using CancellationTokenSource stop = new();

        Assert.ThrowsAny<OperationCanceledException>(() => ShardThreads.Run(2, shard => Fit(shard, shard.Rank == 0 ? null : new StopAt(5, stop))));
        bool wasKept = File.Exists(checkpoint.Path);
        RoundLog log = new();
        string[] digests = ShardThreads.Run(2, shard => Fit(shard, shard.Rank == 0 ? log : null));

        Assert.True(wasKept);
        Assert.InRange(log.Rounds[0], 4, 8);
        Assert.Equal([.. Enumerable.Repeat(Train(source, parameters, SingleShard.Instance, 1), 2)], digests);

        string Fit(IShardGroup shard, IProgress<TrainingProgress>? progress)
        {
            LoadedData data = DataLoader.LoadBinned(source, shard, 1);
            GradientBoostingTrainer trainer = new(1) { Checkpoint = checkpoint };
            return EnsembleDigest.Compute(trainer.Train(data.Train, parameters, progress, progress is StopAt ? stop.Token : default));
        }
    }

    [Fact]
    public void LoadBinned_BadCellInOneShard_EndsAll()
    {
        string path = _folder.Write(
            "bad.csv", "bytes,protocol,verdict", "1,tcp,fine", "2,udp,flood", "3,tcp,fine", "many,udp,flood", "5,tcp,fine", "6,udp,flood");

        TrainingException e = Assert.Throws<TrainingException>(
            () => ShardThreads.Run(3, group => DataLoader.LoadBinned(new DataSource(Spec, path, path), group, 1)));

        Assert.Equal(TrainingFault.InvalidData, e.Fault);
    }

    private static string Train(DataSource source, ModelParameters parameters, IShardGroup group, int threads)
    {
        LoadedData data = DataLoader.LoadBinned(source, group, threads);
        return EnsembleDigest.Compute(new GradientBoostingTrainer(threads).Train(data.Train, parameters, null, default));
    }

    // Numbers of more values than bins, missing ones, categories of equal frequency, and equal rows.
    private DataSource Rows(string name)
    {
        Random random = new(17);
        StringBuilder csv = new("bytes,protocol,verdict,at\n");
        for (int row = 0; row < 5000; row++)
        {
            int label = random.Next(3);
            string bytes = random.Next(10) == 0 ? "" : $"{(label * 400) + random.Next(1000)}";
            csv.Append(bytes).Append(',').Append("tcp udp icmp".Split(' ')[random.Next(3)]).Append(',')
                .Append("fine flood scan".Split(' ')[label]).Append(',')
                .Append(1_700_000_000 + random.Next(150 * 86_400)).Append('\n');
        }

        return new DataSource(Spec, _folder.WriteText($"{name.Replace(' ', '-')}.csv", csv.ToString()), null);
    }

    private sealed class StopAt(int round, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Stage == "fit" && value.Done == round)
            {
                stop.Cancel();
            }
        }
    }

    private sealed class RoundLog : IProgress<TrainingProgress>
    {
        public List<long> Rounds { get; } = [];

        public void Report(TrainingProgress value)
        {
            if (value.Stage == "fit")
            {
                Rounds.Add(value.Done);
            }
        }
    }
}

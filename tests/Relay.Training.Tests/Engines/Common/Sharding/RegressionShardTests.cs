using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Common.Sharding;

/// <summary>Numbers are learned over shards as in one process, and refused as there.</summary>
public sealed class RegressionShardTests : IDisposable
{
    private readonly ShardFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_AnyNumberOfShards_GivesTheSameBits()
    {
        DataSource source = _folder.Source("numbers", rows: 3000);
        ModelParameters parameters = new() { Trees = 20, Subsample = 0.8, EarlyStoppingRounds = 3 };

        string[] digests = [.. new[] { 1, 2, 3 }.SelectMany(shards => ShardThreads.Run(shards, shard => Digest(
            new GradientBoostingTrainer(1).Train(DataLoader.LoadBinned(source, shard, 1).Train, parameters, null, default))))];

        Assert.Single(digests.Distinct());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void LoadBinned_OneTargetInAllRows_ConstantColumn(int shards)
    {
        DataSource source = _folder.Source("numbers", rows: 60);
        string[] lines = File.ReadAllLines(source.TrainPath);
        File.WriteAllLines(source.TrainPath, lines.Take(1).Concat(lines.Skip(1).Select(WithDelayOfSeven)));

        TrainingException e = Assert.Throws<TrainingException>(
            () => ShardThreads.Run(shards, shard => DataLoader.LoadBinned(source, shard, 1)));

        Assert.Equal(TrainingFault.ConstantColumn, e.Fault);
    }

    [Fact]
    public void LoadBinned_TargetsThatDifferBetweenShardsOnly_Loads()
    {
        DataSource source = _folder.Source("numbers", rows: 60);
        string[] lines = File.ReadAllLines(source.TrainPath);
        string[] constant = [.. lines.Skip(1).Select(WithDelayOfSeven)];
        File.WriteAllLines(source.TrainPath, [lines[0], .. constant[..30], .. constant[30..].Select(
            line => line.Replace(",7,", ",8,", StringComparison.Ordinal))]);

        LoadedData[] loaded = ShardThreads.Run(2, shard => DataLoader.LoadBinned(source with { TestPath = source.TrainPath }, shard, 1));

        Assert.Equal([60, 60], loaded.Select(data => data.Summary.Rows));
    }

    private static string WithDelayOfSeven(string line)
    {
        string[] cells = line.Split(',');
        cells[3] = "7";
        return string.Join(',', cells);
    }

    private static string Digest(TreeEnsemble ensemble) => EnsembleDigest.Compute(ensemble);
}

using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Engines;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Common.Sharding;

/// <summary>A file for each shard gives the model of one file with all rows.</summary>
public sealed class PartFileTests : IDisposable
{
    private readonly ShardFolder _folder = new();

    public static TheoryData<string, ModelAlgorithm> Cases => new()
    {
        { "classes", ModelAlgorithm.GradientBoosting }, { "classes", ModelAlgorithm.RandomForest },
        { "weights", ModelAlgorithm.GradientBoosting }, { "numbers", ModelAlgorithm.GradientBoosting },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_FileForEachShard_GivesTheBitsOfOneFile(string kind, ModelAlgorithm algorithm)
    {
        DataSource whole = _folder.Source(kind, rows: 3000);
        whole = whole with { TestPath = whole.TrainPath };
        string[] parts = _folder.Split(whole.TrainPath, 100, 2200, 700);

        string[] digests = ShardThreads.Run(3, shard => Train(whole with { TrainPath = parts[shard.Rank], IsPart = true }, shard));

        Assert.Equal([.. Enumerable.Repeat(Train(whole, SingleShard.Instance), 3)], digests);

        string Train(DataSource source, IShardGroup shard)
        {
            LoadedData data = DataLoader.LoadBinned(source, shard, 1);
            ModelParameters parameters = new() { Trees = 5, Subsample = algorithm is ModelAlgorithm.GradientBoosting ? 0.7 : null };
            TreeEnsemble ensemble = EngineCatalog.CreateDefault().Create(whole.Spec with { Algorithm = algorithm }, 1).Train(
                data.Train, parameters, null, default);
            return $"{EnsembleDigest.Compute(ensemble)} {data.Summary.Rows} {data.Summary.TooOld}";
        }
    }

    [Fact]
    public void Run_FileForEachShard_AllGetOneArtifact()
    {
        DataSource whole = _folder.Source("classes", rows: 600);
        string[] parts = _folder.Split(whole.TrainPath, 400, 200);
        TrainingJob job = new(whole.Spec with { Parameters = new ModelParameters { Trees = 3 } }, 1, new DataOrigin.Parts(parts, whole.TrainPath))
        {
            // Rows drawn at random from few values, and the same ones are held out.
            Accepted = new Dictionary<string, string> { ["conflicting-labels"] = "drawn rows", ["shared-rows"] = "drawn rows" },
        };

        TrainedModel[] models = ShardThreads.Run(2, shard => TrainingPipeline.CreateDefault().Run(job with { Shards = shard }));

        Assert.Equal(models[0].Artifact, models[1].Artifact);
        Assert.Equal(600, models[0].Card.Train.Rows);
    }

    [Fact]
    public void Run_OtherNumberOfFilesThanShards_InvalidSpec()
    {
        DataSource whole = _folder.Source("classes", rows: 60);
        TrainingJob job = new(whole.Spec, 1, new DataOrigin.Parts([whole.TrainPath, whole.TrainPath], whole.TrainPath));

        Assert.Equal(TrainingFault.InvalidSpec, Assert.Throws<TrainingException>(() => TrainingPipeline.CreateDefault().Run(job)).Fault);
    }
}

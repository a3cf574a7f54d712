using Relay.Training.Data.Reading;
using Relay.Training.Engines.Common.Checkpoints;
using Relay.Training.Engines.Common.Sharding;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Common.Sharding;

/// <summary>Owners that share sums only get the file of training on all their rows.</summary>
public sealed class SumsOnlyTests : IDisposable
{
    private static readonly ShardAgreement Agreement = new(
        ["fine", "flood", "scan", "unused"],
        new Dictionary<string, IReadOnlyList<string>> { ["protocol"] = ["tcp", "udp", "icmp", "unused"] }, MinimumRows: 50);

    // Rows drawn at random from few values contradict each other, and the same ones are held out.
    private static readonly Dictionary<string, string> Accepted =
        new[] { "conflicting-labels", "shared-rows", "class-recall" }.ToDictionary(gate => gate, _ => "drawn rows");

    private readonly ShardFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, ModelAlgorithm, ModelParameters> Cases => new()
    {
        { "classes", ModelAlgorithm.GradientBoosting, new ModelParameters { Trees = 4, Subsample = 0.7, FeatureFraction = 0.9, StartScore = 0.5 } },
        { "classes", ModelAlgorithm.GradientBoosting, new ModelParameters { Trees = 9, EarlyStoppingRounds = 2, Leaves = 6, MinSamplesLeaf = 5 } },
        { "classes", ModelAlgorithm.RandomForest, new ModelParameters { Trees = 4, Depth = 6 } },
        { "weights", ModelAlgorithm.GradientBoosting, new ModelParameters { Trees = 4 } },
        { "weights", ModelAlgorithm.RandomForest, new ModelParameters { Trees = 3, Depth = 5 } },
        { "numbers", ModelAlgorithm.GradientBoosting, new ModelParameters { Trees = 4, Subsample = 0.8 } },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_ThreeOwners_FileOfAllRows(string kind, ModelAlgorithm algorithm, ModelParameters parameters)
    {
        DataSource whole = _folder.Source(kind, rows: 900);
        string[] parts = _folder.Split(whole.TrainPath, 100, 500, 300);
        ModelSpec spec = whole.Spec with { Algorithm = algorithm, Parameters = parameters };
        spec = spec with
        {
            Columns = [.. spec.Columns.Select(c => c.Type is ColumnType.Category ? c with { Encoding = CategoryEncoding.Target } : c)],
        };

        TrainedModel[] owners = Train(3, spec, rank => new DataOrigin.Owned(parts[rank], whole.TrainPath, Agreement));

        TrainedModel open = ShardThreads.Run(3, shard => TrainingPipeline.CreateDefault().Run(
            new TrainingJob(spec, 1, new DataOrigin.Parts(parts, whole.TrainPath)) { Shards = shard, Threads = 1, Accepted = Accepted }))[0];
        Assert.All(owners, owner => Assert.Equal(open.Artifact, owner.Artifact));
        DataSummary train = owners[0].Card.Train;
        Assert.Equal((open.Card.Train.Rows, open.Card.Train.Sha256), (train.Rows, train.Sha256));
        Assert.Equal(3, owners[0].Card.Training!.Parts);
        Assert.Equal(Figures(owners[0].Card), Figures(owners[2].Card));
    }

    [Fact]
    public void Run_ForestForNumbers_InvalidSpec()
    {
        DataSource whole = _folder.Source("numbers", rows: 300);

        Refuse(TrainingFault.InvalidSpec, whole.Spec with { Algorithm = ModelAlgorithm.RandomForest }, Agreement, whole.TrainPath);
    }

    [Fact]
    public void Run_TextThatIsNotAgreedOn_InvalidData()
    {
        DataSource whole = _folder.Source("classes", rows: 300);

        Refuse(TrainingFault.InvalidData, whole.Spec, Agreement with { Labels = ["fine", "flood"] }, whole.TrainPath);
        Refuse(
            TrainingFault.InvalidData, whole.Spec, Agreement with { Categories = new Dictionary<string, IReadOnlyList<string>>() }, whole.TrainPath);
    }

    [Fact]
    public void Run_OwnerWithFewerRowsThanAgreed_TooFewRows()
    {
        DataSource whole = _folder.Source("classes", rows: 300);
        string[] parts = _folder.Split(whole.TrainPath, 49, 100, 151);

        Refuse(TrainingFault.TooFewRows, whole.Spec, Agreement, parts);
    }

    [Fact]
    public void Run_CheckpointOrIncumbentOrSharedFile_InvalidSpec()
    {
        DataSource whole = _folder.Source("classes", rows: 300);
        DataOrigin owned = new DataOrigin.Owned(whole.TrainPath, whole.TrainPath, Agreement);

        Assert.All(
            [
                new TrainingJob(whole.Spec, 1, owned) { Checkpoint = new TrainingCheckpoint(Path.Combine(_folder.Path, "c")) },
                new TrainingJob(whole.Spec, 1, new DataOrigin.Files(whole.TrainPath, whole.TrainPath)),
            ],
            job => Assert.Equal(TrainingFault.InvalidSpec, Assert.Throws<TrainingException>(() => ShardThreads.Run(
                3, shard => TrainingPipeline.CreateDefault().Run(job with { Shards = new SumsOnlyGroup(shard) }))).Fault));
    }

    private static void Refuse(TrainingFault fault, ModelSpec spec, ShardAgreement agreement, params string[] parts) => Assert.Equal(
        fault,
        Assert.Throws<TrainingException>(() => Train(3, spec, rank => new DataOrigin.Owned(parts[rank % parts.Length], parts[0], agreement))).Fault);

    private static TrainedModel[] Train(int owners, ModelSpec spec, Func<int, DataOrigin> data) => ShardThreads.Run(
        owners, shard => TrainingPipeline.CreateDefault().Run(
            new TrainingJob(spec, 1, data(shard.Rank)) { Shards = new SumsOnlyGroup(shard), Threads = 1, Accepted = Accepted }));

    private static string Figures(ModelCard card) =>
        string.Join('\n', card.Gates!.Where(g => g.Name != "latency").Select(g => $"{g.Name} {g.Verdict} {g.Figure} {g.Detail}"));
}

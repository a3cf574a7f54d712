using Relay.Training.Data.Features;
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

        // The largest such number of all owners would be a number of one of them.
        Assert.DoesNotContain("those of one row", Figures(owners[0].Card), StringComparison.Ordinal);
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

    /// <summary>Rows that do not fit are found before the first sum of any column, also where the newest time would be one.</summary>
    [Theory]
    [InlineData("classes", "labels", TrainingFault.InvalidData)]
    [InlineData("classes", "protocol", TrainingFault.InvalidData)]
    [InlineData("classes", "rows", TrainingFault.TooFewRows)]
    [InlineData("weights", "rows", TrainingFault.TooFewRows)]
    [Trait("Attack", "curious-owner")]
    public void Run_OwnerWhoseRowsDoNotFit_SendsNothing(string kind, string what, TrainingFault fault)
    {
        DataSource whole = _folder.Source(kind, rows: 300);
        ShardAgreement agreement = what switch
        {
            "labels" => Agreement with { Labels = ["fine", "flood"] },
            "protocol" => Agreement with { Categories = new Dictionary<string, IReadOnlyList<string>> { ["protocol"] = ["tcp"] } },
            _ => Agreement with { MinimumRows = 301 },
        };
        TrainingJob job = new(whole.Spec, 1, new DataOrigin.Owned(whole.TrainPath, whole.TrainPath, agreement)) { Shards = new SilentGroup() };

        Assert.Equal(fault, Assert.Throws<TrainingException>(() => TrainingPipeline.CreateDefault().Run(job)).Fault);
    }

    [Fact]
    public void Rows_OfFactsOfOwners_TakeNoSum()
    {
        TrainingRowFacts facts = new([], [1, 2], [0, 1], null!);

        Assert.Equal((2, 7), (facts.Rows, facts.Gather(new SilentGroup(), rows: 7).Rows));
    }

    [Fact]
    public void Run_CheckpointOrIncumbentOrSharedFile_InvalidSpec()
    {
        DataSource whole = _folder.Source("classes", rows: 300);
        DataOrigin owned = new DataOrigin.Owned(whole.TrainPath, whole.TrainPath, Agreement);

        (string What, TrainingJob Job)[] cases =
        [
            ("checkpoint", new(whole.Spec, 1, owned) { Checkpoint = new TrainingCheckpoint(Path.Combine(_folder.Path, "c")) }),
            ("incumbent", new(whole.Spec, 1, owned) { Incumbent = new IncumbentModel([], null!) }),
            ("a file of their own", new(whole.Spec, 1, new DataOrigin.Files(whole.TrainPath, whole.TrainPath))),
        ];

        Assert.All(cases, refused =>
        {
            TrainingException error = Assert.Throws<TrainingException>(
                () => TrainingPipeline.CreateDefault().Run(refused.Job with { Shards = new SilentGroup() }));
            Assert.Equal(TrainingFault.InvalidSpec, error.Fault);
            Assert.Contains(refused.What, error.Message, StringComparison.Ordinal);
        });
    }

    private static void Refuse(TrainingFault fault, ModelSpec spec, ShardAgreement agreement, params string[] parts) => Assert.Equal(
        fault,
        Assert.Throws<TrainingException>(() => Train(3, spec, rank => new DataOrigin.Owned(parts[rank % parts.Length], parts[0], agreement))).Fault);

    private static TrainedModel[] Train(int owners, ModelSpec spec, Func<int, DataOrigin> data) => ShardThreads.Run(
        owners, shard => TrainingPipeline.CreateDefault().Run(
            new TrainingJob(spec, 1, data(shard.Rank)) { Shards = new SumsOnlyGroup(shard), Threads = 1, Accepted = Accepted }));

    private static string Figures(ModelCard card) =>
        string.Join('\n', card.Gates!.Where(g => g.Name != "latency").Select(g => $"{g.Name} {g.Verdict} {g.Figure} {g.Detail}"));

    /// <summary>Of three owners, one that may send nothing.</summary>
    private sealed class SilentGroup : IShardGroup
    {
        public int Rank => 1;

        public int Size => 3;

        public bool SharesSumsOnly => true;

        public void Sum(Span<long> values) => throw new InvalidOperationException("A sum left the owner.");

        public byte[][] Gather(ReadOnlySpan<byte> own) => throw new InvalidOperationException("Bytes left the owner.");
    }
}

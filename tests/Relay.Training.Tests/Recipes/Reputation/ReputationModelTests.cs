using Relay.TestKit;
using Relay.Training.Importing;
using Relay.Training.Recipes.Reputation;
using Relay.Training.Tests.Data;
using Shared.Contracts.Addresses;
using Shared.Contracts.Models;
using Shared.Scoring;

namespace Relay.Training.Tests.Recipes.Reputation;

/// <summary>From lists to a model that both scorers run.</summary>
public sealed class ReputationModelTests : IDisposable
{
    private static readonly uint[] Listed = ReputationData.Listed(1);
    private readonly CsvFolder _folder = new();
    private readonly TemporaryFolder _output = new();

    private string Train => _output.Combine("train.csv.gz");

    private string HeldOut => _output.Combine("held-out.csv.gz");

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
    }

    [Fact]
    public void Run_Lists_EveryEntryIsSaidToBeOnItsListAndTheRestHasTheBaseRate()
    {
        string bad = _folder.WriteText("bad.txt", ReputationData.Text(Listed) + "5.6.0.0/18\n9.1.2.0-9.1.3.77\n2a02:6b8::7\n");
        string allow = _folder.WriteText("allow.txt", $"{AddressText.Write(Listed[0])}\n44.0.0.0/11\n2a02:6b8::9\n");

        TrainedModel model = Learn(ReputationData.Sources(bad) with { Allow = [allow] });

        Assert.Null(model.UnsupportedByManagedScorer);
        using ManagedScorer scorer = Load(model);
        Assert.All(
            [.. Listed[1..].Where(a => a >> 21 != 44 << 3).Select(AddressText.Write),
                "5.6.0.0", "5.6.33.7", "5.6.63.255", "9.1.2.0", "9.1.3.77", "2a02:6b8::7"],
            address => Assert.Equal((1f, 0f), Ask(scorer, address)));
        Assert.All(
            [AddressText.Write(Listed[0]), "44.0.0.0", "44.31.255.255", "44.17.1.1", "2a02:6b8::9"],
            address => Assert.Equal((0f, 1f), Ask(scorer, address)));
        Assert.All(
            ["5.5.255.255", "9.1.3.78", "9.1.1.255", "44.32.0.0", "43.255.255.255", "2a02:6b8::8", "8.8.8.8"],
            address => Assert.InRange(Ask(scorer, address).Bad, 1e-6f, 0.999f));
        Assert.InRange(Ask(scorer, "8.8.8.8").Bad, 1e-6f, 0.1f);
    }

    [Fact]
    public void Run_Lists_HeldOutRowsHaveTheirGroupsAndGatesJudgeThem()
    {
        string bad = _folder.WriteText("bad.txt", ReputationData.Text(Listed));
        string resolvers = _folder.WriteText("resolvers.txt", "8.8.8.0/24\n9.9.9.9\n1.0.0.0/14\n");

        TrainedModel model = Learn(ReputationData.Sources(bad) with { Known = [("resolver", resolvers)] });

        FairnessGroup[] groups = [.. model.Card.Evaluation!.Fairness!.Single().Groups];
        Assert.Equal(
            ["listed, address held out", "listed, network held out", "random public address", "resolver"], groups.Select(g => g.Value).Order());
        Assert.True(groups.Single(g => g.Value == "random public address").Accuracy!.Figure > 0.99);
        Assert.Equal(GateVerdict.Pass, model.Card.Gates!.Single(g => g.Name == "false-alarms").Verdict);
        Assert.Equal("0.01", ReputationData.Sources().BaseRate.ToString(System.Globalization.CultureInfo.InvariantCulture));
        long rows = groups.Sum(g => g.Rows);
        Assert.InRange(groups.Where(g => g.Value!.StartsWith("listed", StringComparison.Ordinal)).Sum(g => g.Rows) / (double)rows, 0.005, 0.02);
    }

    [Fact]
    public void Import_ModelOfARunWithoutARelay_IsProvedWithItsListsAndStaysAsItIs()
    {
        TrainedModel model = Learn(ReputationData.Sources(_folder.WriteText("bad.txt", ReputationData.Text(Listed) + "5.6.0.0/18\n")));

        TrainedModel imported = new ImportPipeline().Run(
            new ImportJob(model.Card.Spec, 1, "model.onnx", model.Artifact, HeldOut), null, TestContext.Current.CancellationToken);

        Assert.Null(imported.UnsupportedByManagedScorer);
        using ManagedScorer scorer = Load(imported);
        Assert.Equal((1f, 0f), Ask(scorer, "5.6.33.7"));
        Assert.Equal((1f, 0f), Ask(scorer, AddressText.Write(Listed[7])));
    }

    [Fact]
    public void Run_NewestListUnlikeTheOlder_IsRefusedWithTheFigures()
    {
        string older = _folder.WriteText("older.txt", ReputationData.Text(Listed));
        string newest = _folder.WriteText("newest.txt", ReputationData.Text(ReputationData.Listed(2)));

        TrainingException refused = Assert.Throws<TrainingException>(() => Learn(ReputationData.Sources(newest) with { Older = [older] }));

        Assert.Equal(TrainingFault.GateFailed, refused.Fault);
        Assert.Contains(refused.Gates!, g => g is { Name: "single-class" or "class-recall" or "class-precision", Verdict: GateVerdict.Fail });
    }

    [Fact]
    public void Write_OlderList_OnlyItsAddressesAreLearnedFromAndTheNewestAreLookedUp()
    {
        uint[] newest = ReputationData.Listed(2);
        string older = _folder.WriteText("older.txt", ReputationData.Text(Listed));
        string bad = _folder.WriteText("newest.txt", ReputationData.Text(newest));
        ReputationSources sources = ReputationData.Sources(bad) with { Older = [older] };
        ReputationRows rows = new(sources, ReputationLists.Read(sources));

        ReputationRow[] train = [.. rows.Training()];
        ReputationRow[] heldOut = [.. rows.HeldOut()];

        int count = AddressFeatures.FirstLearned;
        HashSet<string> olderNetworks = [.. Listed.Select(a => AddressText.WriteNetwork(a, 28))];
        Assert.All(train.Where(r => r.Label == "bad" && r.Cells[count].Length > 0), r => Assert.Contains(r.Cells[count], olderNetworks));
        Assert.Equal(
            newest.Select(AddressText.Write).Order(),
            train.Where(r => r.Label == "bad").Select(r => r.Cells[0]).Where(c => c.Length > 0).Order());
        Assert.Contains(heldOut, r => r.Source == "listed later");
        Assert.All(heldOut, r => Assert.All(r.Cells[..count], Assert.Empty));
    }

    [Fact]
    public void Write_SameLists_GivesTheSameBytesInAnyOrder()
    {
        string bad = _folder.WriteText("bad.txt", ReputationData.Text(Listed));
        string turned = _folder.WriteText("turned.txt", ReputationData.Text(Listed.Reverse()));

        byte[][] files =
        [
            .. new[] { bad, turned }.SelectMany(list =>
            {
                ReputationRecipe.Write(ReputationData.Sources(list), Train, HeldOut, TestContext.Current.CancellationToken);
                return new[] { File.ReadAllBytes(Train), File.ReadAllBytes(HeldOut) };
            }),
        ];

        Assert.Equal(files[0], files[2]);
        Assert.Equal(files[1], files[3]);
        Assert.Empty(Directory.GetFiles(_output.FullPath, "*.tmp"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(0.6)]
    [InlineData(double.NaN)]
    public void Write_BaseRateThatIsNoShare_IsRefused(double rate)
    {
        string bad = _folder.WriteText("bad.txt", ReputationData.Text(Listed));

        TrainingException refused = Assert.Throws<TrainingException>(() => ReputationRecipe.Write(
            ReputationData.Sources(bad) with { BaseRate = rate }, Train, HeldOut, TestContext.Current.CancellationToken));

        Assert.Equal(TrainingFault.InvalidSpec, refused.Fault);
    }

    private TrainedModel Learn(ReputationSources sources)
    {
        ReputationRecipe.Write(sources, Train, HeldOut, TestContext.Current.CancellationToken);
        ModelSpec spec = ReputationData.Spec with { Parameters = ReputationData.Spec.Parameters with { Trees = 40, LearningRate = 0.3 } };
        return TrainingPipeline.CreateDefault().Run(
            new TrainingJob(spec, 1, new DataOrigin.Files(Train, HeldOut)), cancellationToken: TestContext.Current.CancellationToken);
    }

    private static ManagedScorer Load(TrainedModel model)
    {
        Assert.Null(ManagedScorer.Load(model.Artifact, model.Card.Schema, out ManagedScorer? scorer));
        return scorer!;
    }

    private static (float Bad, float Good) Ask(ManagedScorer scorer, string address)
    {
        float[] answer = new float[2];
        scorer.Score([], AddressFeatures.Extract(address).Value!, 1, answer);
        return (answer[1], answer[0]);
    }
}

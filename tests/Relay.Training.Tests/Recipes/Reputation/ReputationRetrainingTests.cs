using Relay.TestKit;
using Relay.Training.Gates;
using Relay.Training.Recipes.Reputation;
using Relay.Training.Tests.Data;
using Shared.Contracts.Addresses;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Recipes.Reputation;

/// <summary>A model of today's list against that of yesterday's.</summary>
public sealed class ReputationRetrainingTests : IDisposable
{
    private static readonly uint[] Listed = ReputationData.Listed(1);
    private readonly CsvFolder _folder = new();
    private readonly TemporaryFolder _output = new();

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
    }

    [Fact]
    public void Run_AQuarterOfTheListIsNew_IsNoDisagreement()
    {
        string yesterday = _folder.WriteText("yesterday.txt", ReputationData.Text(Listed[..2250]));
        string today = _folder.WriteText("today.txt", ReputationData.Text(Listed[20..]));

        GateResult result = Retrain(ReputationData.Sources(yesterday), ReputationData.Sources(today) with { Older = [yesterday] });

        Assert.True(result.Verdict is GateVerdict.Pass, result.Detail);
    }

    [Fact]
    [Trait("Attack", "flipped-training-labels")]
    public void Run_AddressesThatYesterdaysListCallsBadAreAllowedToday_IsADisagreement()
    {
        string yesterday = _folder.WriteText("yesterday.txt", ReputationData.Text(Listed));
        string today = _folder.WriteText("today.txt", ReputationData.Text(Listed[1500..]));
        string allow = _folder.WriteText("allow.txt", string.Concat(Listed[..1500].Select(a => $"{AddressText.Write(a)}\n")));

        GateResult result = Retrain(ReputationData.Sources(yesterday), ReputationData.Sources(today) with { Allow = [allow] });

        Assert.Equal(GateVerdict.Fail, result.Verdict);
    }

    private GateResult Retrain(ReputationSources before, ReputationSources after)
    {
        Dictionary<string, string> accepted = GateCatalog.All.Where(g => g.CanBeAccepted).ToDictionary(g => g.Name, _ => "a test");
        TrainedModel incumbent = TrainingPipeline.CreateDefault().Run(
            Job(before, 1) with { Accepted = accepted }, cancellationToken: TestContext.Current.CancellationToken);
        return TrainingPipeline.CreateDefault()
            .Run(
                Job(after, 2) with { Accepted = accepted, Incumbent = new IncumbentModel(incumbent.Artifact, incumbent.Card) },
                cancellationToken: TestContext.Current.CancellationToken)
            .Card.Gates!.Single(g => g.Name == "label-disagreement");
    }

    private TrainingJob Job(ReputationSources sources, int version)
    {
        (string train, string heldOut) = (_output.Combine("train.csv.gz"), _output.Combine("held-out.csv.gz"));
        ReputationRecipe.Write(sources, train, heldOut, TestContext.Current.CancellationToken);
        ModelSpec spec = ReputationData.Spec with { Parameters = ReputationData.Spec.Parameters with { Trees = 10, LearningRate = 0.3 } };
        return new TrainingJob(spec, version, new DataOrigin.Files(train, heldOut));
    }
}

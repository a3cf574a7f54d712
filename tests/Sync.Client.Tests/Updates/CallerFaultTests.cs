using Relay.TestKit.Models;
using Shared.Contracts.Api;

namespace Sync.Client.Tests.Updates;

/// <summary>Calls that get no answer because of the call: a relay hears of them, whatever the app does with the exceptions.</summary>
public sealed class CallerFaultTests() : RunningNode(versions: 1)
{
    private IRelayModel Model => Node.Models.Single();

    [Fact]
    public async Task Calls_OfTheWrongWidthTypeTaskOrRoom_AreCountedAndReportedAtOnce()
    {
        Action[] calls =
        [
            () => Model.Predict(new float[3]),
            () => Model.Predict([]),
            () => Model.Predict(new float[5], new float[3]),
            () => Model.Predict(new float[4], ["tcp"]),
            () => Model.Predict(new float[4], new float[2]),
            () => Model.PredictProbabilities(new float[3]),
            () => Model.PredictBatch(new float[9], [], new Prediction[2]),
            () => Model.ScoreSamples(new float[4]),
            () => Model.PredictValue(new float[4]),
            () => Model.Transform(new float[4], new float[4]),
            () => Model.Explain(new float[4]),
        ];
        Assert.All(calls, call => Assert.Throws<RelayModelException>(call));
        Model.Predict(new float[4]);

        await Node.RefreshAsync();

        ActiveModel reported = Fixture.Server.CheckIns.Last().Models.Single();
        Assert.Equal((calls.Length, 0, 1), (reported.CallerFaults, reported.Failures, reported.Predictions));
        Assert.Equal(reported, Node.Status.Models.Single());
    }

    [Fact]
    public async Task CallerFaults_AnotherVersion_StartAtZero()
    {
        Assert.Throws<RelayModelException>(() => Model.Predict(new float[3]));
        await Fixture.PublishAsync(TestModel.Create(version: 2));

        await Node.RefreshAsync();

        Assert.Equal((2, 0), (Node.Status.Models.Single().Version, Node.Status.Models.Single().CallerFaults));
    }
}

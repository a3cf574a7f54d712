using Shared.Contracts.Models;
using Sync.Client.Testing;

namespace Sync.Client.Tests.Testing;

public sealed class FakeRelayModelTests
{
    [Fact]
    public void Predict_ByTheFunctionOfATest_IsAsThatOfARealModel()
    {
        FakeRelayModel model = FakeRelayModel.CreateClassifier("risk", ["a", "b"], ["low", "high"], row => row[0] > 1 ? [0.2f, 0.8f] : [0.9f, 0.1f]);
        float[] probabilities = new float[2];

        Prediction high = model.Predict([2f, 0f], probabilities);
        Prediction[] batch = new Prediction[2];
        model.PredictBatch([0f, 0f, 2f, 0f], [], batch);

        Assert.Equal(("high", 1, 0.8f, 1, false), (high.Label, high.LabelIndex, high.Probability, high.Version, high.IsBenign));
        Assert.Equal([0.2f, 0.8f], probabilities);
        Assert.Equal(["low", "high"], batch.Select(prediction => prediction.Label));
        Assert.True(batch[0].IsBenign);
    }

    [Fact]
    public void Predict_WrongCall_ThrowsAsARealModelDoes()
    {
        FakeRelayModel model = FakeRelayModel.CreateClassifier("risk", ["a", "b"], ["low", "high"], _ => [float.NaN, 0]);

        Assert.Equal(RelayModelFault.WrongWidth, Assert.Throws<RelayModelException>(() => model.Predict([1f])).Fault);
        Assert.Equal(RelayModelFault.WrongTask, Assert.Throws<RelayModelException>(() => model.ScoreSamples([1f, 2f])).Fault);
        Assert.Equal(RelayModelFault.ScorerFailed, Assert.Throws<RelayModelException>(() => model.Predict([1f, 2f])).Fault);
    }

    [Fact]
    public void Score_MemoryOfAnotherCall_IsZeroForTheFunction()
    {
        using FakeRowScorer scorer = new(
            (_, _, outputs) => outputs[1] = 1, new ModelSchema([new ColumnSpec("a", ColumnType.Number)], ["low", "high"]));
        float[] outputs = [7, 7, 7, 7];

        scorer.Score([1f, 2f], [], 2, outputs);

        Assert.Equal([0f, 1f, 0f, 1f], outputs);
    }

    [Fact]
    public void Activate_AnotherVersion_AnswersWithIt()
    {
        ModelSchema schema = new([new ColumnSpec("kind", ColumnType.Category)], ["low", "high"]);
        FakeRelayModel model = new("risk", schema, (_, categories, outputs) => outputs[categories[0] == "bad" ? 1 : 0] = 1);

        Assert.Equal(RelayModelFault.NotReady, Assert.Throws<RelayModelException>(() => model.Predict([], ["bad"])).Fault);
        model.Activate(3);
        Prediction third = model.Predict([], ["bad"]);
        model.Activate(4, (_, _, outputs) => outputs[0] = 1);
        Prediction fourth = model.Predict([], ["bad"]);
        model.Deactivate();

        Assert.Equal(("high", 3), (third.Label, third.Version));
        Assert.Equal(("low", 4), (fourth.Label, fourth.Version));
        Assert.NotEqual(third.Sha256, fourth.Sha256);
        Assert.False(model.IsReady);
    }
}

using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Managed.Boosting;

public sealed class StartScoreTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Train_Classes_StartsAtTheFractionOfTheirLogShares(double fraction)
    {
        TrainingSet set = SmallData.Create(3, 400, 4, 3, 50, 0);

        TreeEnsemble ensemble = Train(set, fraction);

        Assert.Equal(
            Enumerable.Range(0, 3).Select(k => (float)(fraction * Math.Log(set.Labels.Count(label => label == k) / 400.0))), ensemble.BaseValues);
    }

    [Fact]
    public void Train_TwoClasses_StartsAtTheFractionOfTheLogOdds()
    {
        TrainingSet set = SmallData.Create(3, 400, 4, 2, 50, 0);
        int second = set.Labels.Sum();

        Assert.Equal(Math.Log((double)second / (400 - second)) / 2, Train(set, 0.5).BaseValues[0], 1e-6);
    }

    [Fact]
    public void Train_SharesOfClassesAlone_AreTheAnswerWhereNothingSplits()
    {
        TrainingSet set = SmallData.Create(3, 400, 4, 3, 50, 0);

        TreeEnsemble ensemble = new GradientBoostingTrainer().Train(
            set, new ModelParameters { Trees = 3, StartScore = 1, MinSamplesSplit = 1000 }, null, TestContext.Current.CancellationToken);

        float[] answers = new EnsembleEvaluator(ensemble).Probabilities(set.Columns, TestContext.Current.CancellationToken);
        Assert.All(Enumerable.Range(0, 3), k => Assert.Equal(set.Labels.Count(label => label == k) / 400.0, answers[k], 1e-5));
    }

    private static TreeEnsemble Train(TrainingSet set, double fraction) => new GradientBoostingTrainer().Train(
        set, new ModelParameters { Trees = 2, StartScore = fraction }, null, TestContext.Current.CancellationToken);
}

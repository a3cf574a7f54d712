using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Engines.Managed.Isolation;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines;

/// <summary>Sets that no data loader would let through, given to the forests straight from code.</summary>
public sealed class BadInputTests
{
    public static TheoryData<bool, string> Cases
    {
        get
        {
            TheoryData<bool, string> cases = [];
            foreach (bool isolation in new[] { false, true })
            {
                foreach (string problem in new[] { "infinite value", "infinite weight", "weight of zero", "missing weight" })
                {
                    cases.Add(isolation, problem);
                }
            }

            cases.Add(false, "infinite target");
            cases.Add(false, "missing target");
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_ValueThatNoSetMayHold_IsRefused(bool isolation, string problem)
    {
        TrainingSet set = SmallData.Create(1, 20, 2, 2, 9, 0);
        switch (problem)
        {
            case "infinite value":
                set.Columns[1][7] = float.PositiveInfinity;
                break;
            case "infinite weight" or "weight of zero" or "missing weight":
                set = set.Weighted();
                set.SampleWeights![7] = problem[0] switch { 'i' => float.PositiveInfinity, 'w' => 0, _ => float.NaN };
                break;
            default:
                set = set.WithTargets();
                set.Targets![7] = problem[0] == 'i' ? float.NegativeInfinity : float.NaN;
                break;
        }

        Assert.Equal(TrainingFault.InvalidData, Assert.Throws<TrainingException>(() => Train(isolation, set)).Fault);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_OneRow_IsRefused(bool isolation) => Assert.Equal(
        TrainingFault.TooFewRows, Assert.Throws<TrainingException>(() => Train(isolation, new TrainingSet([[1f]], [0], 2))).Fault);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_NoColumns_IsRefused(bool isolation) => Assert.Equal(
        TrainingFault.MissingData, Assert.Throws<TrainingException>(() => Train(isolation, new TrainingSet([], [0, 1], 2))).Fault);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_HundredThousandColumns_LearnsFromTheOneThatTells(bool isolation)
    {
        float[] noise = [.. Enumerable.Range(0, 40).Select(_ => 3f)];
        float[] telling = [.. Enumerable.Range(0, 40).Select(i => (float)(i % 2))];
        TrainingSet set = new([.. Enumerable.Range(0, 100_000).Select(c => c == 77_777 ? telling : noise)], [.. telling.Select(v => (int)v)], 2);

        TreeEnsemble forest = Trainer(isolation).Train(set, new ModelParameters { Trees = 3 }, null, default);

        Assert.All(forest.Trees, tree => Assert.Equal(77_777, tree.Feature[0]));
    }

    private static TreeEnsemble Train(bool isolation, TrainingSet set) =>
        Trainer(isolation).Train(set, new ModelParameters { Trees = 3 }, null, default);

    private static IEnsembleTrainer Trainer(bool isolation) => isolation ? new IsolationForestTrainer() : new RandomForestTrainer();
}

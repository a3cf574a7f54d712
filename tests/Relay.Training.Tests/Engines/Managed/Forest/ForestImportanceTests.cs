using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Forest;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Managed.Forest;

public sealed class ForestImportanceTests(ITestOutputHelper output)
{
    private const string Importances =
        """
        from sklearn.ensemble import RandomForestClassifier
        result = RandomForestClassifier(n_estimators=200, max_depth=20, random_state=42).fit(train, targets).feature_importances_
        """;

    [Fact]
    public void Train_AnyForest_SharesSumToOneAndConstantColumnsHaveNone()
    {
        TrainingSet set = Telling(500);
        set = set with { Columns = [.. set.Columns, new float[500]] };

        IReadOnlyList<double> importance = new RandomForestTrainer().Train(set, new ModelParameters { Trees = 20 }, null, default).Importance!;

        Assert.Equal(5, importance.Count);
        Assert.Equal(1, importance.Sum(), 1e-9);
        Assert.Equal(0, importance[4]);
        Assert.InRange(importance[0], 0.4, 0.8);
    }

    [Fact]
    public void Train_NothingToSplit_IsAllZero() =>
        Assert.Equal(
            [0, 0],
            new RandomForestTrainer().Train(
                new TrainingSet([new float[4], new float[4]], [0, 1, 0, 1], 2), new ModelParameters { Trees = 3 }, null, default).Importance!);

    [Fact]
    public void Train_AnyNumberOfThreads_GivesTheSameImportance()
    {
        TrainingSet set = SmallData.Create(6, 2000, 6, 3, 300, 0.1).WithTargets();

        IReadOnlyList<double>[] all = [.. new[] { 1, 2, 3 }.Select(
            threads => new RandomForestTrainer(threads).Train(set, new ModelParameters { Trees = 20 }, null, default).Importance!)];

        Assert.Equal(all[0], all[1]);
        Assert.Equal(all[0], all[2]);
    }

    [Fact]
    public void Train_TwoColumnsThatTell_AreAsImportantAsScikitLearnSays()
    {
        TrainingSet set = Telling(3000);
        float[] theirs = ScikitLearn.Run(Importances, set, set.Columns);

        IReadOnlyList<double> ours = new RandomForestTrainer().Train(set, new ModelParameters { Trees = 200 }, null, default).Importance!;

        output.WriteLine($"{string.Join(" ", ours.Select(v => $"{v:f4}"))}, scikit-learn {string.Join(" ", theirs.Select(v => $"{v:f4}"))}");
        Assert.All(ours.Zip(theirs), pair => Assert.Equal(pair.Second, pair.First, 0.02));
    }

    // The first column decides most, the second a little, the other two nothing.
    private static TrainingSet Telling(int rows)
    {
        Random random = new(8);
        float[][] columns = [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, rows).Select(_ => random.NextSingle()).ToArray())];
        return new TrainingSet(columns, [.. Enumerable.Range(0, rows).Select(r => (0.7 * columns[0][r]) + (0.3 * columns[1][r]) > 0.5 ? 1 : 0)], 2);
    }
}

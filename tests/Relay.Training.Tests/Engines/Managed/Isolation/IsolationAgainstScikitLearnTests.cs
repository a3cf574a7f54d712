using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Isolation;
using Relay.Training.Evaluation;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Managed.Isolation;

public sealed class IsolationAgainstScikitLearnTests(ITestOutputHelper output)
{
    private const string ScoreSamples =
        """
        from sklearn.ensemble import IsolationForest
        forest = IsolationForest(n_estimators=TREES, max_samples=256, contamination=0.1, random_state=42).fit(train)
        result = numpy.append(forest.score_samples(test), forest.offset_)
        """;

    [Fact]
    public void Train_ClustersAndStrays_ScoresAsScikitLearnDoes()
    {
        float[][] columns = Clusters(4000);
        TrainingSet set = new(columns, new int[4000], 1);
        float[] theirs = ScikitLearn.Run(ScoreSamples.Replace("TREES", "1000", StringComparison.Ordinal), set, columns);

        TreeEnsemble forest = new IsolationForestTrainer().Train(set, new ModelParameters { Trees = 1000 }, null, default);

        float[] ours = new EnsembleEvaluator(forest).Probabilities(columns);
        double correlation = RankCorrelation(ours, theirs[..^1]);
        output.WriteLine($"rank correlation {correlation}, offsets {forest.Offset} and {theirs[^1]}");
        Assert.InRange(correlation, 0.98, 1);
        Assert.Equal(theirs[^1], forest.Offset!.Value, 0.01);
        Assert.Equal(theirs[..^1].Average(), ours.Average(), 0.005);
    }

    [Fact]
    public void Train_KddCup99_TellsAttacksFromNormalAsScikitLearnDoes()
    {
        KddRows rows = KddRows.GetOrSkip();
        TrainingSet normal = Normal(rows.Train);
        float[][] test = [.. rows.Test.Columns.Select(c => c.Select(v => float.IsNaN(v) ? -1 : v).ToArray())];
        bool[] isNormal = [.. rows.Test.Labels.Select(l => l == 0)];
        float[] theirs = ScikitLearn.Run(ScoreSamples.Replace("TREES", "100", StringComparison.Ordinal), normal, test)[..^1];

        TreeEnsemble forest = new IsolationForestTrainer().Train(normal, new ModelParameters(), null, default);

        float[] ours = new EnsembleEvaluator(forest).Probabilities(test);
        double our = RocCurve.Area(ours, [.. isNormal])!.Value;
        double their = RocCurve.Area(theirs, [.. isNormal])!.Value;
        output.WriteLine($"AUC {our}, scikit-learn {their}");
        Assert.InRange(our, their - 0.01, 1);
    }

    private static TrainingSet Normal(TrainingSet set)
    {
        int[] rows = [.. Enumerable.Range(0, set.RowCount).Where(r => set.Labels[r] == 0)];
        return new TrainingSet([.. set.Columns.Select(c => rows.Select(r => c[r]).ToArray())], new int[rows.Length], 1);
    }

    private static float[][] Clusters(int rows)
    {
        Random random = new(7);
        float[][] columns = [.. Enumerable.Range(0, 4).Select(_ => new float[rows])];
        for (int row = 0; row < rows; row++)
        {
            bool stray = row % 40 == 0;
            double center = row % 3 * 4;
            foreach (float[] column in columns)
            {
                column[row] = (float)(stray ? random.NextDouble() * 20 - 6 : center + Enumerable.Range(0, 6).Sum(_ => random.NextDouble() - 0.5));
            }
        }

        return columns;
    }

    private static double RankCorrelation(float[] first, float[] second)
    {
        double[] a = Ranks(first);
        double[] b = Ranks(second);
        double mean = (a.Length - 1) / 2.0;
        double Product(double[] x, double[] y) => x.Zip(y).Sum(p => (p.First - mean) * (p.Second - mean));
        return Product(a, b) / Math.Sqrt(Product(a, a) * Product(b, b));
    }

    private static double[] Ranks(float[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort((float[])values.Clone(), order);
        double[] ranks = new double[values.Length];
        for (int i = 0; i < order.Length; i++)
        {
            ranks[order[i]] = i;
        }

        return ranks;
    }
}

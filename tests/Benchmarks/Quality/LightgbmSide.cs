using Relay.Training.Engines.Common;

namespace Benchmarks.Quality;

/// <summary>LightGBM with some parameters, trained and asked through its C API.</summary>
/// <param name="Name">As in the ids of rows.</param>
/// <param name="Parameters">Beside objective, seed and threads.</param>
internal sealed record LightgbmSide(string Name, string Parameters)
{
    private const int Rounds = 100;

    public static LightgbmSide Default { get; } = new("lightgbm", "");

    public static LightgbmSide Equal { get; } = new(
        "lightgbm-equal",
        "learning_rate=0.3 max_depth=6 num_leaves=64 min_data_in_leaf=1 min_sum_hessian_in_leaf=1 lambda_l2=1 min_data_in_bin=1");

    /// <returns>Row after row of the tested ones, a probability for each class.</returns>
    public float[] Predict(QualitySet set, CancellationToken cancellationToken)
    {
        float[] all = new float[set.Labels.Length * set.Classes];
        for (int fold = 0; fold < set.Folds; fold++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Probabilities.Place(set, fold, Fit(set.TrainingRows(fold), set.TestRows(fold), set.HasCategory ? "categorical_feature=0" : ""), all);
        }

        return Probabilities.Tested(set, all);
    }

    private unsafe float[] Fit(TrainingSet train, TrainingSet test, string columns)
    {
        string objective = train.ClassCount == 2 ? "objective=binary" : $"objective=multiclass num_class={train.ClassCount}";
        string parameters = $"{objective} {Parameters} {columns} num_threads=1 deterministic=true force_row_wise=true seed=1 verbosity=-1";
        float[] labels = Array.ConvertAll(train.Labels, label => (float)label);
        fixed (float* rows = RowMajor(train), labelOf = labels, asked = RowMajor(test))
        {
            LightgbmLibrary.Check(LightgbmLibrary.CreateDataset(
                rows, LightgbmLibrary.Float32, train.RowCount, train.FeatureCount, 1, parameters, 0, out nint dataset));
            LightgbmLibrary.Check(LightgbmLibrary.SetField(dataset, "label", labelOf, labels.Length, LightgbmLibrary.Float32));
            LightgbmLibrary.Check(LightgbmLibrary.CreateBooster(dataset, parameters, out nint booster));
            int isFinished = 0;
            for (int round = 0; round < Rounds && isFinished == 0; round++)
            {
                LightgbmLibrary.Check(LightgbmLibrary.Update(booster, out isFinished));
            }

            double[] answers = new double[test.RowCount * (train.ClassCount == 2 ? 1 : train.ClassCount)];
            fixed (double* to = answers)
            {
                LightgbmLibrary.Check(LightgbmLibrary.Predict(
                    booster, asked, LightgbmLibrary.Float32, test.RowCount, test.FeatureCount, 1, 0, 0, -1, parameters, out _, to));
            }

            LightgbmLibrary.Check(LightgbmLibrary.FreeBooster(booster));
            LightgbmLibrary.Check(LightgbmLibrary.FreeDataset(dataset));
            return train.ClassCount == 2
                ? [.. answers.SelectMany(second => new[] { (float)(1 - second), (float)second })]
                : Array.ConvertAll(answers, p => (float)p);
        }
    }

    private static float[] RowMajor(TrainingSet set)
    {
        float[] rows = new float[set.RowCount * set.FeatureCount];
        for (int c = 0; c < set.FeatureCount; c++)
        {
            for (int r = 0; r < set.RowCount; r++)
            {
                rows[(r * set.FeatureCount) + c] = set.Columns[c][r];
            }
        }

        return rows;
    }
}

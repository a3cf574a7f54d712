using Microsoft.ML;
using Microsoft.ML.Data;
using Relay.Training.Engines.Common;
using Relay.Training.Trees;

namespace Relay.Training.Engines.MlNet;

/// <summary>Compares the rebuilt ensemble with ML.NET's own answers, so that a change in its trees is noticed.</summary>
internal static class RebuildCheck
{
    private const int MaxRows = 5000;

    /// <summary>ML.NET adds leaves in double, the ensemble in float32.</summary>
    private const double Tolerance = 1e-4;

    /// <exception cref="TrainingException">With ParityFailed.</exception>
    public static void Require(
        MLContext context, MlNetModel model, TreeEnsemble ensemble, TrainingSet set, CancellationToken cancellationToken)
    {
        int count = Math.Min(set.RowCount, MaxRows);
        int[] rows = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * set.RowCount / count))];
        float[] actual = new EnsembleEvaluator(ensemble).Probabilities(
            [.. set.Columns.Select(c => rows.Select(r => c[r]).ToArray())], cancellationToken);
        IDataView scored = model.Chain.Transform(RowView.Create(context, set, rows, cancellationToken));
        float[] expected = model.Link switch
        {
            Link.OneVersusAll => [.. scored.GetColumn<float[]>(model.ScoreColumn).SelectMany(p => p)],
            Link.Sigmoid => [.. scored.GetColumn<float>(model.ScoreColumn).SelectMany(p => new[] { 1 - p, p })],
            _ => [.. scored.GetColumn<float>(model.ScoreColumn)],
        };
        double worst = expected.Zip(actual).Max(p => Math.Abs(p.First - p.Second) / Math.Max(1, Math.Abs(p.First)));
        if (expected.Length != actual.Length || !(worst <= Tolerance))
        {
            throw new TrainingException(
                TrainingFault.ParityFailed, $"the ensemble rebuilt from ML.NET's trees is off by {worst:g3}, expected at most {Tolerance:g1}");
        }
    }
}

using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Trainers.FastTree;
using Relay.Training.Trees;

namespace Relay.Training.Engines.MlNet;

/// <summary>A model that ML.NET fitted.</summary>
/// <param name="Chain">From features to scores; it replaces missing values.</param>
/// <param name="ScoreColumn">A probability per class, that of class 1 of two, or a number.</param>
/// <param name="Parts">One per output of the ensemble.</param>
internal sealed record MlNetModel(ITransformer Chain, string ScoreColumn, IReadOnlyList<TreePart> Parts, Link Link);

/// <summary>The trees of one output, and how their sum becomes a raw score: scale x sum + shift.</summary>
internal sealed record TreePart(IReadOnlyList<RegressionTreeBase> Trees, double Scale, double Shift)
{
    /// <summary>A classifier whose sum a logistic curve turns into a probability.</summary>
    public static TreePart FromSubmodel(object submodel, ICalibrator calibrator)
    {
        IReadOnlyList<RegressionTreeBase>? trees = submodel switch
        {
            TreeEnsembleModelParametersBasedOnRegressionTree model => model.TrainedTreeEnsemble.Trees,
            TreeEnsembleModelParametersBasedOnQuantileRegressionTree model => model.TrainedTreeEnsemble.Trees,
            _ => null,
        };
        if (trees is null || calibrator is not PlattCalibrator curve)
        {
            throw new NotSupportedException($"A {submodel.GetType().Name} with a {calibrator.GetType().Name} is no tree ensemble of ours.");
        }

        // The curve is 1 / (1 + exp(slope x sum + offset)).
        return new TreePart(trees, -curve.Slope, -curve.Offset);
    }
}

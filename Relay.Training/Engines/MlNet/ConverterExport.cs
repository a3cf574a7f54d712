using Microsoft.ML;
using Relay.Training.Engines.Abstractions;

namespace Relay.Training.Engines.MlNet;

/// <summary>The graph that Microsoft.ML.OnnxConverter writes.</summary>
internal static class ConverterExport
{
    // The converter logs this as a warning, drops all steps before the one that it cannot write, and still returns a file.
    private const string Truncated = "Had to stop walkback";

    /// <exception cref="TrainingException">With InvalidGraph: the file would not be the whole model.</exception>
    public static ConvertedEnsemble Convert(MLContext context, MlNetModel model, Trees.TreeEnsemble ensemble)
    {
        string? truncation = null;
        void Listen(object? sender, LoggingEventArgs e) =>
            truncation ??= e.Message.Contains(Truncated, StringComparison.OrdinalIgnoreCase) ? e.Message : null;

        using MemoryStream file = new();
        context.Log += Listen;
        try
        {
            // The overload with names writes the newest operator set that the converter knows, which is the only one that is valid
            // for one-versus-all.
            context.Model.ConvertToOnnx(model.Chain, RowView.FeaturesOnly(context, ensemble.FeatureCount), file, model.ScoreColumn);
        }
        finally
        {
            context.Log -= Listen;
        }

        return truncation is null
            ? new ConvertedEnsemble(ensemble, file.ToArray(), RowView.Features, model.ScoreColumn + ".output")
            : throw new TrainingException(TrainingFault.InvalidGraph, $"ML.NET's converter left a part of the model out: {truncation}");
    }
}

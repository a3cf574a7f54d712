using Relay.Training.Engines.Common.Binning;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Features;

/// <summary>Decides which categories become target statistics: where the spec says so, and unless it says otherwise where the texts are more than
/// bins, so that no threshold could tell each from the next.</summary>
internal static class EncodingChoice
{
    /// <param name="texts">Different texts in the training rows of all shards.</param>
    public static bool UsesStatistics(ModelSpec spec, string column, int texts) =>
        MayUseStatistics(spec, column) && (EncodingOf(spec, column) is CategoryEncoding.Target || texts > BinEdges.MaxBins);

    /// <summary>Whether there is a number of texts that would decide for statistics.</summary>
    public static bool MayUseStatistics(ModelSpec spec, string column) =>
        spec.Task is ModelTask.Classification or ModelTask.Regression && EncodingOf(spec, column) is null or CategoryEncoding.Target;

    /// <summary>Whether every column can be read straight into bins: texts that are counted or looked up are more than bins have codes for.</summary>
    public static bool FitsBins(ModelSpec spec) => spec.Features.All(f => IsLearned(spec, f.Name));

    /// <summary>Whether trees see the values of a column: of one that is counted or looked up, no text tells its own row.</summary>
    public static bool IsLearned(ModelSpec spec, string column) =>
        EncodingOf(spec, column) is not (CategoryEncoding.Count or CategoryEncoding.Lookup);

    public static CategoryEncoding? EncodingOf(ModelSpec spec, string column) => spec.Features.First(f => f.Name == column).Encoding;
}

using Relay.Training.Data.Features;
using Shared.Contracts.Models;

namespace Relay.Training.Models;

/// <summary>Leaves out of a file the texts of categories that no tree may split by: a category of many texts is most of a small file. The input
/// itself stays, as the schema has it, and so do texts that decide by themselves.</summary>
internal static class UnusedTexts
{
    public static IReadOnlyList<FeatureEncoding> Drop(IReadOnlyList<FeatureEncoding> encodings, ModelParameters parameters) =>
        parameters.Features is { } features
            ? [.. encodings.Select(e => e.IsLookup || features.Contains(e.Name, StringComparer.Ordinal) ? e : Drop(e))]
            : encodings;

    private static FeatureEncoding Drop(FeatureEncoding encoding) => encoding with
    {
        Categories = encoding.Categories is null ? null : [],
        Statistics = encoding.Statistics is { } statistics ? [.. statistics.Select(_ => Array.Empty<float>())] : null,
    };
}

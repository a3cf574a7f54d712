namespace Shared.Contracts.Models;

/// <summary>What is known of one version, for people and for gates. Can be computed again from the data it names.</summary>
/// <param name="SizeBytes">Size of the ONNX file.</param>
/// <param name="Sha256">SHA-256 of the ONNX file, lower-case hexadecimal.</param>
/// <param name="Parity">How the graph and the trainer agree on every held-out row.</param>
public sealed record ModelCard(
    string Name, int Version, string Sha256, long SizeBytes, ModelSpec Spec, ModelSchema Schema, string SchemaHash,
    DataSummary Train, DataSummary Test, ModelMetrics Metrics, ParityReport Parity, int TreeCount, int NodeCount)
{
    /// <summary>The inputs by what they gave to the trees' splits, the most important first; null where that was not measured.</summary>
    public IReadOnlyList<FeatureImportance>? Importance { get; init; }
}

/// <summary>What one input gave.</summary>
/// <param name="Share">Of what all splits gained in training; the shares of all inputs sum to 1.</param>
public sealed record FeatureImportance(string Name, double Share);

/// <summary>One data set as it was read.</summary>
/// <param name="Source">File name, without folders, or the simulator's parameters.</param>
/// <param name="Sha256">SHA-256 of the bytes read (unpacked), lower-case hexadecimal.</param>
/// <param name="Rows">Rows trained on or judged by.</param>
/// <param name="ClassRows">Rows per class; empty where there are none.</param>
public sealed record DataSummary(string Source, string Sha256, long Rows, IReadOnlyDictionary<string, long> ClassRows)
{
    /// <summary>Rows that were read but left out, because <see cref="AgeWeights.OldestDays"/> says that they are too old.</summary>
    public long TooOld { get; init; }
}

/// <summary>Agreement of the exported graph, run by ONNX Runtime on one thread, with the trainer.</summary>
/// <param name="MaxAbsDiff">Largest difference of any number that comes out, relative where it is above 1.</param>
public sealed record ParityReport(long Rows, double MaxAbsDiff, long LabelDisagreements);

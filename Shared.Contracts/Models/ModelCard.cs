namespace Shared.Contracts.Models;

/// <summary>The description of one version, for people and for gates. It can be computed again from the data that it names.</summary>
public sealed record ModelCard
{
    public required string Name { get; init; }

    public required int Version { get; init; }

    /// <summary>SHA-256 of the ONNX file, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Size of the ONNX file.</summary>
    public required long SizeBytes { get; init; }

    public required ModelSpec Spec { get; init; }

    public required ModelSchema Schema { get; init; }

    public required string SchemaHash { get; init; }

    /// <summary>The training rows; of an imported version its file, without rows.</summary>
    public required DataSummary Train { get; init; }

    public required DataSummary Test { get; init; }

    public required ModelMetrics Metrics { get; init; }

    /// <summary>Agreement of the exported graph with the trainer on every held-out row.</summary>
    public required ParityReport Parity { get; init; }

    public required int TreeCount { get; init; }

    public required int NodeCount { get; init; }

    /// <summary>How the schema differs from that of the version before; null where it does not, and for a first version.</summary>
    public SchemaDifference? SchemaChange { get; init; }

    /// <summary>What each gate said, in the order of the gates; null for a version of before there were gates.</summary>
    public IReadOnlyList<GateResult>? Gates { get; init; }

    /// <summary>The inputs by their share of the gain of all splits, the most important first; null where it was not measured.</summary>
    public IReadOnlyList<FeatureImportance>? Importance { get; init; }

    /// <summary>How the parameters were found; null where the spec asks for no search.</summary>
    public TuningSummary? Tuning { get; init; }

    /// <summary>How a small model was found; null where the spec has no budget.</summary>
    public BudgetSummary? Budget { get; init; }

    /// <summary>What the training run depended on beside spec and rows; null for an imported
    /// version, and for one of before it was recorded.</summary>
    public TrainingRecord? Training { get; init; }

    /// <summary>What the run took of a dataset; null where its rows came from elsewhere.</summary>
    public DatasetUse? Dataset { get; init; }

    /// <summary>Where an imported version came from and how it was proved; null for a trained one.</summary>
    public ImportSummary? Import { get; init; }

    /// <summary>Curves, calibration, drift and what else people ask of a model; null for a version of before it was measured.</summary>
    public EvaluationReport? Evaluation { get; init; }

    /// <summary>Size against quality of models that a search for a small one tried: all that no other one beats in both, the full model, and some
    /// of the others; null where none was searched.</summary>
    public IReadOnlyList<FrontierPoint>? Frontier { get; init; }
}

/// <summary>How a schema differs from an earlier one. Apps that were built for the earlier one refuse it.</summary>
/// <param name="Since">The earlier version.</param>
/// <param name="Differences">What differs, one clause each.</param>
public sealed record SchemaDifference(int Since, IReadOnlyList<string> Differences);

/// <summary>The importance of one input.</summary>
/// <param name="Share">Share of the gain of all splits in training; the shares of all inputs sum to 1.</param>
public sealed record FeatureImportance(string Name, double Share);

/// <summary>One data set as it was read.</summary>
/// <param name="Source">File name, without folders, or the simulator's parameters.</param>
/// <param name="Sha256">SHA-256 of the bytes read (unpacked), lower-case hexadecimal.</param>
/// <param name="Rows">Rows used for training or evaluation.</param>
/// <param name="ClassRows">Rows per class; empty for a task without classes.</param>
public sealed record DataSummary(string Source, string Sha256, long Rows, IReadOnlyDictionary<string, long> ClassRows)
{
    /// <summary>Rows that were read but not used, because they are older than <see cref="AgeWeights.OldestDays"/>.</summary>
    public long TooOld { get; init; }

    /// <summary>What is odd about the data, but does no harm, one sentence each; null where nothing is.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }
}

/// <summary>Agreement of the exported graph, run by ONNX Runtime on one thread, with the trainer.</summary>
/// <param name="MaxAbsDiff">Largest difference of any output: absolute for numbers up to 1, relative for larger ones.</param>
public sealed record ParityReport(long Rows, double MaxAbsDiff, long LabelDisagreements);

using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>Quality on held-out rows, by task. Shares are between 0 and 1. A figure that a later version measures is no reason to refuse its
/// files: members that are not known are left out.</summary>
/// <param name="Rows">Held-out rows.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "task")]
[JsonDerivedType(typeof(ClassificationMetrics), "classification")]
[JsonDerivedType(typeof(RegressionMetrics), "regression")]
[JsonDerivedType(typeof(AnomalyMetrics), "anomaly-detection")]
[JsonDerivedType(typeof(ScalingMetrics), "scaling")]
public abstract record ModelMetrics(long Rows)
{
    /// <summary>The figures by name, without those that could not be measured. The first one is the one that versions are compared by.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<MetricValue> Figures { get; }
}

/// <summary>One figure.</summary>
/// <param name="Name">As the member is called in JSON.</param>
public sealed record MetricValue(string Name, double Value);

/// <summary>Quality of a classifier.</summary>
/// <param name="Accuracy">Share of rows with the right label.</param>
/// <param name="MacroF1">Mean F1 over the classes that occur in the held-out rows or in the predictions.</param>
/// <param name="LogLoss">Mean negative log probability of the true class, in nats, probabilities clipped at 1e-15.</param>
/// <param name="MacroAuc">Mean one-versus-rest area under the ROC curve over the classes with both positive and negative rows.</param>
/// <param name="Classes">Per class, in the schema's order.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record ClassificationMetrics(
    long Rows, double Accuracy, double MacroF1, double LogLoss, double MacroAuc, IReadOnlyList<ClassMetrics> Classes)
    : ModelMetrics(Rows)
{
    [JsonIgnore]
    public override IReadOnlyList<MetricValue> Figures =>
        [new("macroF1", MacroF1), new("accuracy", Accuracy), new("macroAuc", MacroAuc), new("logLoss", LogLoss)];
}

/// <summary>Quality of one class on held-out rows.</summary>
/// <param name="Support">Held-out rows of the class.</param>
/// <param name="FalsePositiveRate">Share of the rows of other classes for which this class was predicted.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record ClassMetrics(
    string Name, long Support, double Precision, double Recall, double F1, double FalsePositiveRate);

/// <summary>Quality of a regression, in the unit of the label.</summary>
/// <param name="Rmse">Root of the mean squared error.</param>
/// <param name="Mae">Mean absolute error.</param>
/// <param name="R2">Share of the variance that is explained: 1 is perfect, 0 is as good as the mean; null where the label has one
/// value in all rows.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record RegressionMetrics(long Rows, double Rmse, double Mae, double? R2 = null) : ModelMetrics(Rows)
{
    [JsonIgnore]
    public override IReadOnlyList<MetricValue> Figures =>
        R2 is { } r2 ? [new("rmse", Rmse), new("mae", Mae), new("r2", r2)] : [new("rmse", Rmse), new("mae", Mae)];
}

/// <summary>Quality of an anomaly detector: how many rows it flags, and where rows have labels, how many of them rightly.</summary>
/// <param name="Flagged">Share of rows below the offset.</param>
/// <param name="Offset">The score below which a row is an anomaly.</param>
/// <param name="Auc">Area under the ROC curve of the scores against the labels; null without both kinds of labeled row.</param>
/// <param name="Precision">Share of flagged rows that are labeled other than benign; null without labels.</param>
/// <param name="Recall">Share of rows labeled other than benign that are flagged; null without labels.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record AnomalyMetrics(long Rows, double Flagged, double Offset, double? Auc = null, double? Precision = null, double? Recall = null)
    : ModelMetrics(Rows)
{
    [JsonIgnore]
    public override IReadOnlyList<MetricValue> Figures =>
    [
        .. new (string Name, double? Value)[]
            { ("auc", Auc), ("precision", Precision), ("recall", Recall), ("flagged", Flagged), ("offset", Offset) }
            .Where(f => f.Value is not null).Select(f => new MetricValue(f.Name, f.Value!.Value)),
    ];
}

/// <summary>How far scaled columns are from mean 0 and variance 1, over the rows that hold a value.</summary>
/// <param name="MaxMean">Largest absolute mean of a scaled column over the training rows.</param>
/// <param name="MaxVarianceError">Largest distance of a scaled column's variance from 1 over the training rows; without constant columns,
/// which are not scaled.</param>
/// <param name="HeldOutMaxMean">The same mean over the held-out rows: the drift of the data, in standard deviations.</param>
/// <param name="HeldOutMaxVarianceError">The same distance over the held-out rows.</param>
/// <param name="ConstantColumns">Columns with one value in all training rows.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record ScalingMetrics(
    long Rows, double MaxMean, double MaxVarianceError, double HeldOutMaxMean, double HeldOutMaxVarianceError, int ConstantColumns)
    : ModelMetrics(Rows)
{
    [JsonIgnore]
    public override IReadOnlyList<MetricValue> Figures =>
    [
        new("heldOutMaxMean", HeldOutMaxMean), new("heldOutMaxVarianceError", HeldOutMaxVarianceError),
        new("maxMean", MaxMean), new("maxVarianceError", MaxVarianceError), new("constantColumns", ConstantColumns),
    ];
}

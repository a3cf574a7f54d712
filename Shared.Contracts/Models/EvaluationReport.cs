using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>What a model did on its held-out rows, in more detail than its figures: of the card, and never of the file that nodes run. All of it can
/// be computed again from the data that the card names. Lists are bounded, so that a card stays small whatever the data are.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record EvaluationReport
{
    /// <summary>Rows by their class and by the predicted one; null for a task without classes.</summary>
    public ConfusionMatrix? Confusion { get; init; }

    /// <summary>The curves of classes, or of the anomalies of a detector; null where no row has a label.</summary>
    public IReadOnlyList<ClassCurve>? Curves { get; init; }

    /// <summary>How often answers are right, by the probability that the model gives them; null for a task without probabilities.</summary>
    public Calibration? Calibration { get; init; }

    /// <summary>Of a regression, means of predicted and of true numbers, by rising prediction.</summary>
    public IReadOnlyList<PredictionBin>? Predictions { get; init; }

    /// <summary>Of a regression the errors (predicted minus true), of a detector the scores of the held-out rows.</summary>
    public ValueHistogram? Histogram { get; init; }

    /// <summary>The columns that the model reads, of training and of held-out rows.</summary>
    public IReadOnlyList<ColumnReport>? Columns { get; init; }

    /// <summary>How many columns the model reads: <see cref="Columns"/> has those that drift most.</summary>
    public int ColumnCount { get; init; }

    /// <summary>The population stability index of the classes, between training and held-out rows; null where there is none to compare.</summary>
    public double? LabelDrift { get; init; }

    /// <summary>Quality by the values of the columns that the spec names in <c>fairness</c>; null where it names none.</summary>
    public IReadOnlyList<FairnessReport>? Fairness { get; init; }
}

/// <summary>Held-out rows by their class and by the predicted class.</summary>
/// <param name="Classes">The classes that have a row and a column of their own: those with most errors, in the schema's order.</param>
/// <param name="Rows">A list per class, with a number per predicted class; with one more of both for all other classes where there are some.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record ConfusionMatrix(IReadOnlyList<string> Classes, IReadOnlyList<IReadOnlyList<long>> Rows);

/// <summary>What a model finds of one class at falling thresholds: true and false positives, of which the ROC curve
/// and the precision-recall curve are made.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record ClassCurve
{
    public required string Name { get; init; }

    /// <summary>Held-out rows of the class.</summary>
    public required long Positives { get; init; }

    /// <summary>Held-out rows of all other classes.</summary>
    public required long Negatives { get; init; }

    /// <summary>The exact area under the ROC curve of all rows; ties count half.</summary>
    public required double Auc { get; init; }

    /// <summary>The mean of the precision at each threshold, weighted by the recall that it adds; of all rows.</summary>
    public required double AveragePrecision { get; init; }

    /// <summary>Falling: a row counts as found where the class's number is this or more. At most 100.</summary>
    public required IReadOnlyList<float> Thresholds { get; init; }

    /// <summary>Per threshold, the rows of the class that are found.</summary>
    public required IReadOnlyList<long> TruePositives { get; init; }

    /// <summary>Per threshold, the rows of other classes that are found.</summary>
    public required IReadOnlyList<long> FalsePositives { get; init; }

    /// <summary>How many of the rows with a probability are of the class; null where the model's number is no probability.</summary>
    public Calibration? Calibration { get; init; }
}

/// <summary>Stated probabilities against what came true.</summary>
/// <param name="ExpectedError">The mean distance of the two over all bins, weighted by rows: the expected calibration error.</param>
/// <param name="Bins">Of equal width, without those that have no row.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record Calibration(double ExpectedError, IReadOnlyList<CalibrationBin> Bins);

/// <summary>The rows whose probability is in one range.</summary>
/// <param name="Stated">Their mean probability.</param>
/// <param name="Observed">The share of them for which it came true.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CalibrationBin(long Rows, double Stated, double Observed);

/// <summary>Rows with neighboring predictions.</summary>
/// <param name="Predicted">Their mean prediction.</param>
/// <param name="Actual">The mean of their true numbers.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record PredictionBin(long Rows, double Predicted, double Actual);

/// <summary>Rows by a value, in ranges of equal width.</summary>
/// <param name="Low">The lower end of the first range.</param>
/// <param name="High">The upper end of the last one.</param>
/// <param name="Rows">Per range.</param>
/// <param name="Anomalies">Per range the rows that are labeled as anomalies; null without labels.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record ValueHistogram(double Low, double High, IReadOnlyList<long> Rows, IReadOnlyList<long>? Anomalies = null);

using Shared.Contracts.Models;

namespace Relay.Server.Tests.Cards;

/// <summary>Cards of each task, whose names and texts a test chooses.</summary>
internal static class TestCards
{
    private static readonly IReadOnlyDictionary<string, long> NoClasses = new Dictionary<string, long>();

    /// <summary>A classifier with every section that a card can have.</summary>
    /// <param name="text">Stands wherever a card shows text of others.</param>
    public static ModelCard Classifier(string text, int classes = 3)
    {
        string[] names = [.. Enumerable.Range(0, classes).Select(k => $"{text}{k}")];
        Dictionary<string, long> rows = names.ToDictionary(n => n, _ => 10L);
        int shown = Math.Min(classes, 20);
        long[][] confusion = [.. Enumerable.Range(0, shown + (classes > shown ? 1 : 0)).Select(i => Enumerable.Range(0, shown + (classes > shown ? 1 : 0)).Select(j => i == j ? 8L : j % 3).ToArray())];
        ModelCard card = Create(
            ModelTask.Classification, names, text,
            new ClassificationMetrics(10 * classes, 0.9, 0.9, 0.3, 0.97, [.. names.Select(n => new ClassMetrics(n, 10, 0.9, 0.8, 0.85, 0.01))]), rows);
        return card with
        {
            Importance = [new(text, 0.75), new(text + "2", 0.25)],
            SchemaChange = new SchemaDifference(1, [text]),
            Training = TestRecords.Training(text),
            Tuning = TestRecords.Tuning(text),
            Frontier = [new(1000, 0.8) { Trees = 1, Depth = 3 }, new(5000, 0.9) { Trees = 9, Depth = 3, IsChosen = true }, new(9000, 0.91)],
            Evaluation = card.Evaluation! with
            {
                Confusion = new ConfusionMatrix([.. names.Take(shown)], confusion),
                Curves = [.. names.Take(shown).Select(Curve)],
                Calibration = new Calibration(0.02, [new(3, 0.45, 0.33), new(27, 0.96, 0.98)]),
                LabelDrift = 0.01,
                Fairness =
                [
                    new FairnessReport(text,
                    [
                        new FairnessGroup
                        {
                            Value = text,
                            Rows = 20,
                            Accuracy = new GroupRate(0.9, 0.8, 0.95),
                            Classes = [new GroupClass(text, 3, new GroupRate(1, 0.4, 1), null)],
                        },
                        new FairnessGroup { Rows = 10, Accuracy = new GroupRate(0.5, 0.3, 0.7) },
                        new FairnessGroup { IsMissing = true, Rows = 1, Accuracy = new GroupRate(1, 0.2, 1) },
                    ]),
                ],
            },
        };
    }

    public static ModelCard Regression()
    {
        ModelCard card = Create(ModelTask.Regression, [], "minutes", new RegressionMetrics(100, 3, 2, 0.9), NoClasses);
        return card with
        {
            Evaluation = card.Evaluation! with
            {
                Predictions = [new(50, 10, 11), new(50, 30, 28)],
                Histogram = new ValueHistogram(-5, 5, [.. Enumerable.Range(0, 40).Select(i => (long)i)]),
            },
        };
    }

    public static ModelCard Detector(bool hasLabels)
    {
        ModelCard card = Create(
            ModelTask.AnomalyDetection, ModelSchema.AnomalyClasses, "requests", new AnomalyMetrics(100, 0.1, -0.6, hasLabels ? 0.9 : null),
            hasLabels ? new Dictionary<string, long> { ["normal"] = 90, ["anomaly"] = 10 } : NoClasses);
        return card with
        {
            Evaluation = card.Evaluation! with
            {
                Histogram = new ValueHistogram(-0.9, -0.3, [.. Enumerable.Repeat(5L, 40)], hasLabels ? [.. Enumerable.Repeat(1L, 40)] : null),
                Curves = hasLabels ? [Curve("anomaly")] : null,
                Confusion = hasLabels ? new ConfusionMatrix(ModelSchema.AnomalyClasses, [[80, 10], [2, 8]]) : null,
            },
        };
    }

    public static ModelCard Scaler() => Create(ModelTask.Scaling, [], "bytes", new ScalingMetrics(100, 1e-7, 1e-7, 0.2, 0.1, 1), NoClasses);

    /// <summary>An imported model: no training rows, no seed.</summary>
    public static ModelCard Imported()
    {
        ModelCard card = Classifier("class");
        ColumnReport[] columns = [.. card.Evaluation!.Columns!.Select(c => c with { Train = null, Drift = null, Bins = null })];
        return card with
        {
            Train = new DataSummary("model.json", "ab", 0, NoClasses),
            Importance = null,
            Frontier = null,
            Evaluation = card.Evaluation with { Columns = columns, LabelDrift = null },
            Import = new ImportSummary
            {
                Format = "xgboost-json",
                File = "model.json",
                Sha256 = "ab",
                SizeBytes = 10,
                Thresholds = 7,
                RoundedThresholds = 0,
                TreeRows = 21,
                ThresholdRows = 21,
                GivenRows = 30,
                MaxAbsDiff = 0,
                ComparedManagedScorer = true,
            },
        };
    }

    /// <summary>A card of before there were gates and reports.</summary>
    public static ModelCard Old() => Classifier("class") with { Evaluation = null, Gates = null, Importance = null, Frontier = null };

    private static ModelCard Create(ModelTask task, IReadOnlyList<string> classes, string text, ModelMetrics metrics, IReadOnlyDictionary<string, long> rows)
    {
        ModelSchema schema = new([new ColumnSpec(text, ColumnType.Number), new ColumnSpec(text + "2", ColumnType.Category)], classes) { Task = task };
        return new ModelCard
        {
            Name = "traffic",
            Version = 2,
            Sha256 = new string('a', 64),
            SizeBytes = 5000,
            Spec = new ModelSpec
            {
                Name = "traffic",
                Task = task,
                Algorithm = ModelAlgorithm.RandomForest,
                Columns = [.. schema.Inputs, new ColumnSpec("label", ColumnType.Label)],
            },
            Schema = schema,
            SchemaHash = schema.Hash(),
            Train = new DataSummary(text, new string('b', 64), 30, rows) { Warnings = [text] },
            Test = new DataSummary(text, new string('c', 64), 30, rows),
            Metrics = metrics,
            Parity = new ParityReport(30, 0, 0),
            TreeCount = 10,
            NodeCount = 300,
            Gates =
            [
                new GateResult("parity", GateVerdict.Pass, "0 labels disagree") { Figure = 0, Bound = 1e-6 },
                new GateResult("constant-columns", GateVerdict.Warn, text) { Figure = 1, Bound = 0 },
                new GateResult("row-number", GateVerdict.Fail, text) { Figure = 1, Bound = 0, Accepted = text, Interval = new GateInterval(0.5, 1.5) },
                new GateResult("slices", GateVerdict.NotApplicable, text),
            ],
            Evaluation = new EvaluationReport
            {
                ColumnCount = 2,
                Columns =
                [
                    new ColumnReport
                    {
                        Name = text,
                        Type = ColumnType.Number,
                        Drift = 0.3,
                        Train = new ColumnValues(1, 9, 0, 4, 9),
                        HeldOut = new ColumnValues(2, 9, 0, 6, 12),
                        Bins = [new ColumnBin(20, 5) { Upper = 4 }, new ColumnBin(9, 23)],
                    },
                    new ColumnReport
                    {
                        Name = text + "2",
                        Type = ColumnType.Category,
                        Drift = 0.12,
                        Unseen = 3,
                        Train = new ColumnValues(0, 2),
                        HeldOut = new ColumnValues(0, 2),
                        Bins = [new ColumnBin(20, 25) { Text = text }, new ColumnBin(10, 5)],
                    },
                ],
            },
        };
    }

    private static ClassCurve Curve(string name) => new()
    {
        Name = name,
        Positives = 10,
        Negatives = 20,
        Auc = 0.95,
        AveragePrecision = 0.9,
        Thresholds = [0.9f, 0.5f, 0.1f],
        TruePositives = [6, 9, 10],
        FalsePositives = [0, 2, 20],
        Calibration = new Calibration(0.03, [new(30, 0.33, 0.33)]),
    };
}

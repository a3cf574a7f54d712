using System.Globalization;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Tests;

/// <summary>A spec of each task, and rows for it that can be learnt.</summary>
internal static class TaskRows
{
    private static readonly ColumnSpec[] Features =
        [new("bytes", ColumnType.Number), new("protocol", ColumnType.Category), new("rate", ColumnType.Number)];

    public static ModelSpec Spec(string task) => task switch
    {
        "regression" => Regression(ModelAlgorithm.GradientBoosting, null),
        "anomalies" => Anomaly(labelled: false, null),
        "known-anomalies" => Anomaly(labelled: true, null),
        "scaling" => Scaler,
        _ => Classes(ModelAlgorithm.RandomForest, null),
    };

    public static ModelSpec Regression(ModelAlgorithm algorithm, bool? scale) => new()
    {
        Name = "latency",
        Task = ModelTask.Regression,
        Algorithm = algorithm,
        Columns = [.. Features, new("truth", ColumnType.Label)],
        Parameters = new ModelParameters { Trees = 40, Depth = 6, Scale = scale },
    };

    public static ModelSpec Anomaly(bool labelled, bool? scale) => new()
    {
        Name = "odd",
        Task = ModelTask.AnomalyDetection,
        Algorithm = ModelAlgorithm.IsolationForest,
        Columns = [.. Features, new("truth", labelled ? ColumnType.Label : ColumnType.Ignore)],
        Label = new LabelSpec { Benign = labelled ? "fine" : null },
        Parameters = new ModelParameters { Contamination = 0.05, Scale = scale },
    };

    public static ModelSpec Scaler => new()
    {
        Name = "scaler",
        Task = ModelTask.Scaling,
        Algorithm = ModelAlgorithm.StandardScaler,
        Columns = [Features[0], Features[2], new("same", ColumnType.Number), new("truth", ColumnType.Label)],
    };

    public static ModelSpec Classes(ModelAlgorithm algorithm, bool? scale) => new()
    {
        Name = "classes",
        Task = ModelTask.Classification,
        Algorithm = algorithm,
        Columns = [.. Features, new("truth", ColumnType.Label)],
        Parameters = new ModelParameters { Trees = 20, Depth = 5, Scale = scale },
    };

    public static TrainingJob Job(ModelSpec spec)
    {
        DataSet train = Rows(spec, seed: 1, count: 900, null);
        return new TrainingJob(spec, 1, new DataOrigin.Rows(train, Rows(spec, seed: 2, count: 300, train.Classes)));
    }

    private static DataSet Rows(ModelSpec spec, int seed, int count, IReadOnlyList<string>? classes)
    {
        using DataSetBuilder builder = new(spec, $"rows of seed {seed}");
        foreach ((Dictionary<string, object?> cells, string truth) in Cells(spec, seed, count))
        {
            builder.Add([.. spec.Features.Select(f => cells[f.Name])], truth);
        }

        return builder.Build(classes);
    }

    public static string Csv(ModelSpec spec, int seed, int count) => string.Join('\n',
        Cells(spec, seed, count)
            .Select(row => string.Join(',', spec.Columns.Select(c => c.Name == "truth" ? row.Truth : Text(row.Cells[c.Name]))))
            .Prepend(string.Join(',', spec.Columns.Select(c => c.Name))));

    private static string Text(object? cell) => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "";

    /// <summary>The number to learn is 10 times the rate, more over udp; a row in twenty is far from all others; a cell in ten is missing.</summary>
    private static IEnumerable<(Dictionary<string, object?> Cells, string Truth)> Cells(ModelSpec spec, int seed, int count)
    {
        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            bool odd = random.Next(20) == 0;
            float rate = (float)random.NextDouble() * 9;
            string protocol = random.Next(3) == 0 ? "udp" : "tcp";
            float number = (10 * rate) + (protocol == "udp" ? 15 : 0);
            Dictionary<string, object?> cells = new()
            {
                ["bytes"] = odd ? 90_000f + random.Next(9000) : (float)random.Next(1500),
                ["protocol"] = protocol,
                ["rate"] = odd && spec.Task is ModelTask.AnomalyDetection ? 60 + rate
                    : random.Next(10) == 0 && spec.Task is not ModelTask.Regression ? null : rate,
                ["same"] = 5f,
            };
            yield return (cells, spec.Task switch
            {
                ModelTask.Regression => number.ToString("R", CultureInfo.InvariantCulture),
                ModelTask.AnomalyDetection => odd ? "strange" : "fine",
                _ => cells["rate"] is float known && known > 4.5f ? "high" : "low",
            });
        }
    }
}

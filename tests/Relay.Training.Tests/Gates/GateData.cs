using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Gates;

/// <summary>Rows of three classes that a column mostly tells apart, and the ways in which such rows go bad.</summary>
internal sealed record GateData
{
    public const string Fine = "fine";

    private static readonly string[] Classes = [Fine, "flood", "scan"];

    public static ModelSpec Spec { get; } = new()
    {
        Name = "traffic",
        Task = ModelTask.Classification,
        Algorithm = ModelAlgorithm.GradientBoosting,
        Columns =
        [
            new("bytes", ColumnType.Number), new("protocol", ColumnType.Category), new("rate", ColumnType.Number), new("extra", ColumnType.Number),
            new("verdict", ColumnType.Label),
        ],
        Label = new LabelSpec { Benign = Fine },
        Parameters = new ModelParameters { Trees = 30, Depth = 4 },
    };

    public ModelSpec Model { get; init; } = Spec;

    public int Seed { get; init; } = 1;

    public int Train { get; init; } = 3000;

    public int Test { get; init; } = 1200;

    /// <summary>Changes the label of a training row, by its number.</summary>
    public Func<int, string, string> Label { get; init; } = (_, label) => label;

    /// <summary>The number in the column extra, by the row's number and label.</summary>
    public Func<int, string, float> Extra { get; init; } = (row, _) => row % 7;

    /// <summary>Rows of the held-out set that stand among the training rows, too.</summary>
    public int Leaked { get; init; }

    /// <summary>Copies of the first training row, under another label.</summary>
    public int Contradictions { get; init; }

    public TrainingJob Job(IncumbentModel? incumbent = null, params (string Gate, string Reason)[] accepted)
    {
        List<(object?[] Cells, string Label)> test = Rows(Seed + 1000, Test);
        List<(object?[] Cells, string Label)> train = [.. Rows(Seed, Train).Select((row, i) => (row.Cells, Label(i, row.Label)))];
        train.AddRange(test.Take(Leaked));
        train.AddRange(Enumerable.Repeat((train[0].Cells, Classes.First(c => c != train[0].Label)), Contradictions));
        DataSet learned = Build(train, null);
        return new TrainingJob(Model, 2, new DataOrigin.Rows(learned, Build(test, learned.Classes)))
        {
            Incumbent = incumbent,
            Accepted = accepted.ToDictionary(a => a.Gate, a => a.Reason, StringComparer.Ordinal),
        };
    }

    /// <summary>Trains, and returns what the gate said, whether or not the model was refused.</summary>
    public GateResult Ask(string gate, IncumbentModel? incumbent = null) => Gates(incumbent).Single(g => g.Name == gate);

    public IReadOnlyList<GateResult> Gates(IncumbentModel? incumbent = null) => Gates(Job(incumbent));

    public static IReadOnlyList<GateResult> Gates(TrainingJob job)
    {
        try
        {
            return TrainingPipeline.CreateDefault().Run(job).Card.Gates!;
        }
        catch (TrainingException refused) when (refused.Gates is { } gates)
        {
            return gates;
        }
    }

    public IncumbentModel Incumbent()
    {
        TrainedModel model = TrainingPipeline.CreateDefault().Run(Job() with { Version = 1 });
        return new IncumbentModel(model.Artifact, model.Card);
    }

    private List<(object?[] Cells, string Label)> Rows(int seed, int count)
    {
        Random random = new(seed);
        List<(object?[], string)> rows = [];
        for (int row = 0; row < count; row++)
        {
            int label = random.Next(Classes.Length);
            float rate = (label * 10f) + (float)(random.NextDouble() * 10.4);
            string protocol = random.Next(3) == 0 ? "udp" : random.Next(3) == 0 ? "icmp" : "tcp";
            rows.Add(([(float)random.NextDouble() * 1500, protocol, rate, Extra(row, Classes[label])], Classes[label]));
        }

        return rows;
    }

    private DataSet Build(List<(object?[] Cells, string Label)> rows, IReadOnlyList<string>? classes)
    {
        using DataSetBuilder builder = new(Model, "rows");
        foreach ((object?[] cells, string label) in rows)
        {
            builder.Add(cells, label);
        }

        return builder.Build(classes);
    }
}

using System.Globalization;
using System.Text;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Tests;

/// <summary>Rows of a category with thousands of texts, each of which has a class of its own for all but one row in twenty, beside numbers that
/// say little: what splits by an order of frequency cannot learn.</summary>
/// <param name="Texts">Different texts; ten training rows each.</param>
internal sealed record CategoryRows(int Texts, int Classes = 2)
{
    private const int RowsOfText = 10;

    /// <summary>The share of rows that have the class of their text, about: no model can be right more often.</summary>
    public double Attainable => 0.95 + (0.05 / Classes);

    public ModelSpec Spec(ModelAlgorithm algorithm, CategoryEncoding? encoding = null, int trees = 20) => new()
    {
        Name = "categories",
        Task = ModelTask.Classification,
        Algorithm = algorithm,
        Columns =
        [
            new("size", ColumnType.Number), new("agent", ColumnType.Category) { Encoding = encoding }, new("rate", ColumnType.Number),
            new("verdict", ColumnType.Label),
        ],
        Parameters = new ModelParameters { Trees = trees },
    };

    public TrainingJob Job(ModelSpec spec)
    {
        DataSet train = Rows(spec, 1, Texts * RowsOfText, null);
        return new TrainingJob(spec, 1, new DataOrigin.Rows(train, Rows(spec, 2, Texts * 2, train.Classes)));
    }

    /// <summary>The rows as a file; held-out rows are its last quarter.</summary>
    public string Csv(int rows)
    {
        StringBuilder csv = new("size,agent,rate,verdict\n");
        foreach ((float size, string agent, float rate, string verdict) in Cells(3, rows))
        {
            csv.Append(CultureInfo.InvariantCulture, $"{size},{agent},{rate},{verdict}\n");
        }

        return csv.ToString();
    }

    private DataSet Rows(ModelSpec spec, int seed, int rows, IReadOnlyList<string>? classes)
    {
        using DataSetBuilder builder = new(spec, $"rows of seed {seed}");
        foreach ((float size, string agent, float rate, string verdict) in Cells(seed, rows))
        {
            builder.Add([size, agent.Length == 0 ? null : agent, rate], verdict);
        }

        return builder.Build(classes);
    }

    // One row in a hundred has no text; texts are not all ASCII.
    private IEnumerable<(float Size, string Agent, float Rate, string Verdict)> Cells(int seed, int rows)
    {
        int[] classOf = new int[Texts];
        Random texts = new(99);
        for (int text = 0; text < Texts; text++)
        {
            classOf[text] = texts.Next(Classes);
        }

        Random random = new(seed);
        for (int row = 0; row < rows; row++)
        {
            int text = random.Next(Texts);
            int label = random.Next(20) == 0 ? random.Next(Classes) : classOf[text];
            float size = (label * 3) + random.Next(1000);
            yield return (size, random.Next(100) == 0 ? "" : $"agent-{(text % 7 == 0 ? "größe-日本-" : "")}{text}", random.Next(500), $"class {label}");
        }
    }
}

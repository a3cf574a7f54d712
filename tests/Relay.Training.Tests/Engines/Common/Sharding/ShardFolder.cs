using System.Text;
using Relay.Training.Data.Reading;
using Relay.Training.Tests.Data;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Common.Sharding;

/// <summary>Files of random traffic: numbers of more values than bins, missing ones, categories of equal frequency, equal rows.</summary>
internal sealed class ShardFolder : IDisposable
{
    private static readonly ColumnSpec[] Features = [new("bytes", ColumnType.Number), new("protocol", ColumnType.Category)];
    private readonly CsvFolder _folder = new();

    public string Path => _folder.Path;

    public void Dispose() => _folder.Dispose();

    /// <param name="kind">What to learn: "classes", "weights" for classes whose rows weigh by class and age, or "numbers".</param>
    public DataSource Source(string kind, int rows)
    {
        Random random = new(17);
        StringBuilder csv = new("bytes,protocol,verdict,delay,at\n");
        for (int row = 0; row < rows; row++)
        {
            int label = random.Next(3);
            string bytes = random.Next(10) == 0 ? "" : $"{(label * 400) + random.Next(1000)}";
            csv.Append(bytes).Append(',').Append("tcp udp icmp".Split(' ')[random.Next(3)]).Append(',')
                .Append("fine flood scan".Split(' ')[label]).Append(',').Append((label * 10) + random.Next(5)).Append(".3,")
                .Append(1_700_000_000 + random.Next(150 * 86_400)).Append('\n');
        }

        return new DataSource(SpecOf(kind), _folder.WriteText($"{kind}.csv", csv.ToString()), null);
    }

    /// <summary>Cuts a file into files of so many rows, each with the header.</summary>
    public string[] Split(string path, params int[] rows)
    {
        string[] lines = File.ReadAllLines(path);
        int[] starts = [.. rows.Select((_, i) => 1 + rows[..i].Sum())];
        return [.. rows.Select((count, i) => _folder.Write($"part-{i}.csv", [lines[0], .. lines[starts[i]..(starts[i] + count)]]))];
    }

    private static ModelSpec SpecOf(string kind)
    {
        ColumnSpec verdict = new("verdict", ColumnType.Label);
        return kind switch
        {
            "classes" => CsvFolder.Spec with { Columns = [.. Features, verdict], Label = new LabelSpec { Benign = "fine" } },
            "weights" => CsvFolder.Spec with
            {
                Columns = [.. Features, verdict, new ColumnSpec("at", ColumnType.Time)],
                Label = new LabelSpec { Benign = "fine" },
                Weights = new WeightSpec { Balanced = true, Age = new AgeWeights() },
            },
            _ => CsvFolder.Spec with
            {
                Task = ModelTask.Regression,
                Columns = [.. Features, new ColumnSpec("delay", ColumnType.Label)],
                Label = new LabelSpec(),
            },
        };
    }
}

using System.Globalization;
using System.Text;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.TestKit;

/// <summary>A model that trains in well under a second: two numbers and a category tell three classes apart.</summary>
public static class SmallModel
{
    public const string Name = "small";

    public const string TrainFile = "small-train.csv";
    public const string TestFile = "small-test.csv";

    /// <summary>Rows enough that <see cref="SlowSpec"/> trains for minutes.</summary>
    public const string LargeFile = "large-train.csv";

    private const int TrainRows = 600;
    private const int TestRows = 200;
    private const int LargeRows = 20_000;

    // Hundreds of relays of one test run get these files.
    private static readonly Lazy<(string Name, byte[] Csv)[]> Files = new(() =>
        [(TrainFile, Csv(TrainRows, seed: 1)), (TestFile, Csv(TestRows, seed: 2)), (LargeFile, Csv(LargeRows, seed: 3))]);

    public static TrainingDataSource Data { get; } = new() { Train = TrainFile, Test = TestFile };

    public static TrainingDataSource LargeData { get; } = new() { Train = LargeFile };

    public static ModelSpec Spec(string name = Name, int trees = 5) => new()
    {
        Name = name,
        Task = ModelTask.Classification,
        Algorithm = ModelAlgorithm.RandomForest,
        Columns =
        [
            new ColumnSpec("rate", ColumnType.Number), new ColumnSpec("size", ColumnType.Number),
            new ColumnSpec("protocol", ColumnType.Category), new ColumnSpec("verdict", ColumnType.Label),
        ],
        Label = new LabelSpec { Benign = "benign" },
        Parameters = new ModelParameters { Trees = trees, Depth = 5, Seed = 7 },
    };

    /// <summary>With <see cref="LargeData"/>: a run to interrupt. It would take minutes, and no test waits for its end.</summary>
    public static ModelSpec SlowSpec(string name = "slow") => Spec(name) with
    {
        Algorithm = ModelAlgorithm.GradientBoosting,
        Parameters = new ModelParameters { Trees = 10_000, Depth = 10, Seed = 7 },
    };

    /// <summary>Writes the three files into a folder of datasets.</summary>
    public static void WriteFiles(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string file, byte[] csv) in Files.Value)
        {
            File.WriteAllBytes(Path.Combine(folder, file), csv);
        }
    }

    private static byte[] Csv(int rows, int seed)
    {
        Random random = new(seed);
        StringBuilder csv = new("rate,size,protocol,verdict\n");
        for (int i = 0; i < rows; i++)
        {
            double rate = random.NextDouble() * 100;
            double size = random.NextDouble() * 1000;
            string protocol = random.Next(3) switch { 0 => "tcp", 1 => "udp", _ => "icmp" };
            string verdict = rate > 80 ? "flood" : protocol == "icmp" && size > 500 ? "tunnel" : "benign";
            csv.Append(CultureInfo.InvariantCulture, $"{rate:F2},{size:F1},{protocol},{verdict}\n");
        }

        return Encoding.UTF8.GetBytes(csv.ToString());
    }
}

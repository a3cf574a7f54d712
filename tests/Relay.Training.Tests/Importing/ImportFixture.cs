using System.Globalization;
using System.Text;
using Relay.TestKit;
using Relay.Training.Importing;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Importing;

/// <summary>A model that its own library wrote, and what the library answers at the thresholds; see the README beside the files.</summary>
internal sealed class ImportFixture
{
    private ImportFixture(string name, byte[] file, float[][] rows, double[][] answers) => (Name, File, Rows, Answers) = (name, file, rows, answers);

    public string Name { get; }

    public byte[] File { get; }

    public float[][] Rows { get; }

    /// <summary>As the library gives them: one number for two classes.</summary>
    public double[][] Answers { get; }

    public string FileName => Path.GetFileName(PathOf(Name));

    public bool IsRegression => Name.Contains("regression", StringComparison.Ordinal);

    /// <summary>A probability for each class, or a number.</summary>
    public double[] Expected(int row) => IsRegression || Answers[row].Length > 1 ? Answers[row] : [1 - Answers[row][0], Answers[row][0]];

    public ModelSpec Spec => new()
    {
        Name = "imported",
        Task = IsRegression ? ModelTask.Regression : ModelTask.Classification,
        Algorithm = ModelAlgorithm.Imported,
        Columns =
        [
            .. new[] { "packets", "flags", "share", "bytes" }.Select(name => new ColumnSpec(name, ColumnType.Number)),
            new ColumnSpec("truth", ColumnType.Label),
        ],
    };

    public static ImportFixture Load(string name)
    {
        string path = PathOf(name);
        string[][] lines = [.. System.IO.File.ReadAllLines(Path.ChangeExtension(path, ".csv")).Select(l => l.Split(';'))];
        return new ImportFixture(
            name, System.IO.File.ReadAllBytes(path),
            [.. lines.Select(l => l[0].Split(',').Select(c => float.Parse(c, CultureInfo.InvariantCulture)).ToArray())],
            [.. lines.Select(l => l[1].Split(',').Select(c => double.Parse(c, CultureInfo.InvariantCulture)).ToArray())]);
    }

    /// <summary>The rows as held-out data, each with the label that the library gives it.</summary>
    /// <param name="labels">In the order of the answers; null: their numbers.</param>
    public string WriteHeldOut(string folder, string[]? labels = null)
    {
        StringBuilder text = new("packets,flags,share,bytes,truth\n");
        for (int row = 0; row < Rows.Length; row++)
        {
            if (!Array.Exists(Rows[row], float.IsInfinity))
            {
                double[] answer = Expected(row);
                int highest = Array.IndexOf(answer, answer.Max());
                string label = labels?[highest] ?? (IsRegression ? answer[0] : highest).ToString("R", CultureInfo.InvariantCulture);
                IEnumerable<string> cells = Rows[row].Select(v => float.IsNaN(v) ? "" : v.ToString("R", CultureInfo.InvariantCulture));
                text.Append(string.Join(',', cells)).Append(',').Append(label).Append('\n');
            }
        }

        string path = Path.Combine(folder, "held-out.csv");
        System.IO.File.WriteAllText(path, text.ToString());
        return path;
    }

    public ImportJob Job(string heldOut, byte[]? file = null) => new(Spec, 1, FileName, file ?? File, heldOut);

    public string Text => Encoding.UTF8.GetString(File);

    /// <summary>The file with one text replaced by another; the text has to be there.</summary>
    public byte[] With(string old, string replacement)
    {
        int at = Text.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, $"'{old}' is not in {FileName}");
        return Encoding.UTF8.GetBytes(string.Concat(Text.AsSpan(0, at), replacement, Text.AsSpan(at + old.Length)));
    }

    private static string PathOf(string name) => Directory
        .GetFiles(RepositoryRoot.Combine("tests", "Relay.Training.Tests", "Importing", "Models"), name + ".*")
        .Single(path => !path.EndsWith(".csv", StringComparison.Ordinal));
}

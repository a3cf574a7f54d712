using System.IO.Compression;
using System.Text;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Data;

/// <summary>A folder for one test's files.</summary>
internal sealed class CsvFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("relay-csv-").FullName;

    /// <summary>Two numbers, a category and the label, with a header.</summary>
    public static ModelSpec Spec { get; } = new()
    {
        Name = "sample",
        Task = ModelTask.Classification,
        Algorithm = ModelAlgorithm.GradientBoosting,
        Columns =
        [
            new ColumnSpec("size", ColumnType.Number), new ColumnSpec("note", ColumnType.Ignore),
            new ColumnSpec("kind", ColumnType.Category), new ColumnSpec("rate", ColumnType.Number),
            new ColumnSpec("verdict", ColumnType.Label),
        ],
        Label = new LabelSpec { Benign = "good" },
    };

    public const string Header = "size,note,kind,rate,verdict";

    /// <summary>Four sound rows.</summary>
    public static readonly string[] Rows = ["1,a,tcp,0.5,good", "2,b,udp,0.25,bad", "3,c,tcp,1e-3,good", "4,d,tcp,-7,bad"];

    public string Write(string name, params string[] lines) => WriteText(name, string.Join('\n', lines) + "\n");

    public string WriteText(string name, string text)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    public string WriteGzip(string name, string text)
    {
        string path = System.IO.Path.Combine(Path, name);
        using GZipStream gzip = new(File.Create(path), CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

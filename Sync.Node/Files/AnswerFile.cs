using Shared.Platform.Files;

namespace Sync.Node.Files;

/// <summary>Writes answers row by row, as Parquet where the name of the file says so and else as CSV. Nothing has the name before all is
/// written.</summary>
internal abstract class AnswerFile : IDisposable
{
    private static readonly string[] NotWritten = [".arrow", ".feather", ".json", ".jsonl", ".ndjson", ".gz", ".zst", ".zip", ".xlsx"];

    /// <param name="path">Null for CSV on standard output.</param>
    /// <param name="origin">What gives the answers, as names and values: a Parquet file states it.</param>
    /// <exception cref="FileException">The path is empty, or names a form that is not written.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static AnswerFile Create(string? path, IReadOnlyList<AnswerColumn> columns, IReadOnlyDictionary<string, string> origin)
    {
        if (path is "")
        {
            throw new FileException("--output is empty: name the file to write, or leave the option out");
        }

        string ending = Path.GetExtension(path ?? "").ToLowerInvariant();
        return ending == ".parquet" ? ParquetAnswers.Open(path!, columns, origin)
            : NotWritten.Contains(ending) ? throw new FileException($"--output ends in {ending}, which is not written: name a .csv or .parquet file")
            : new CsvAnswers(path is null ? null : new OutputFile(path), columns);
    }

    /// <summary>Writes the next cell of the row; an empty text is none.</summary>
    public abstract void Write(string text);

    /// <summary>Writes the next cell of the row; NaN is none.</summary>
    public abstract void Write(double number);

    /// <summary>Writes the next cell of the row; NaN is none.</summary>
    public abstract void Write(float number);

    public abstract void EndRow();

    /// <summary>Makes the file appear, on the disk.</summary>
    public abstract void Complete();

    /// <summary>Deletes what is not complete.</summary>
    public abstract void Dispose();
}

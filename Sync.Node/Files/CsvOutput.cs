using System.Globalization;

namespace Sync.Node.Files;

/// <summary>Writes CSV to a file that appears when all is written, or to standard output.</summary>
internal sealed class CsvOutput : IDisposable
{
    private readonly string? _path;
    private readonly string? _partPath;
    private readonly StreamWriter _writer;
    private bool _isInRow;

    /// <param name="path">Null for standard output.</param>
    /// <exception cref="FileException">The path is empty.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public CsvOutput(string? path)
    {
        _path = path is "" ? throw new FileException("--output is empty: name the file to write, or leave the option out") : path;
        _partPath = path is null ? null : $"{path}.{Guid.NewGuid():N}.part";
        _writer = new StreamWriter(
            _partPath is null ? Console.OpenStandardOutput() : new FileStream(_partPath, FileMode.CreateNew, FileAccess.Write), bufferSize: 1 << 16);
    }

    public void Write(string text) => WriteCell(
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");

    /// <summary>NaN is an empty cell.</summary>
    public void Write(double number) => WriteCell(double.IsNaN(number) ? "" : number.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>NaN is an empty cell.</summary>
    public void Write(float number) => WriteCell(float.IsNaN(number) ? "" : number.ToString("R", CultureInfo.InvariantCulture));

    public void EndRow()
    {
        _writer.Write('\n');
        _isInRow = false;
    }

    /// <summary>Makes the file appear, on the disk.</summary>
    public void Complete()
    {
        _writer.Flush();
        if (_partPath is not null)
        {
            ((FileStream)_writer.BaseStream).Flush(flushToDisk: true);
            _writer.Dispose();
            File.Move(_partPath, _path!, overwrite: true);
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        if (_partPath is not null)
        {
            File.Delete(_partPath);
        }
    }

    private void WriteCell(string cell)
    {
        if (_isInRow)
        {
            _writer.Write(',');
        }

        _writer.Write(cell);
        _isInRow = true;
    }
}

using System.Globalization;
using Shared.Platform.Files;

namespace Sync.Node.Files;

/// <summary>Answers as CSV whose first line names the columns.</summary>
internal sealed class CsvAnswers : AnswerFile
{
    private readonly OutputFile? _file;
    private readonly StreamWriter _writer;
    private bool _isInRow;

    /// <param name="file">Is owned by this object; null for standard output.</param>
    public CsvAnswers(OutputFile? file, IReadOnlyList<AnswerColumn> columns)
    {
        _file = file;
        _writer = new StreamWriter(file?.Open() ?? Console.OpenStandardOutput(), bufferSize: 1 << 16, leaveOpen: true);
        foreach (AnswerColumn column in columns)
        {
            Write(column.Name);
        }

        EndRow();
    }

    public override void Write(string text) => WriteCell(
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");

    public override void Write(double number) => WriteCell(double.IsNaN(number) ? "" : number.ToString("R", CultureInfo.InvariantCulture));

    public override void Write(float number) => WriteCell(float.IsNaN(number) ? "" : number.ToString("R", CultureInfo.InvariantCulture));

    public override void EndRow()
    {
        _writer.Write('\n');
        _isInRow = false;
    }

    public override void Complete()
    {
        _writer.Flush();
        _file?.Complete();
    }

    // What the writer still holds is not wanted: a full disk is told once, by the write that failed.
    public override void Dispose() => _file?.Dispose();

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

using System.Text;

namespace Shared.Contracts;

/// <summary>A writer to a terminal that lets no control character of a text through but the line break: what a command prints may quote
/// others. A text that <see cref="WriteLine(string?)"/> gets is shown by <see cref="DisplayText.EscapeLines"/>.</summary>
/// <param name="target">Receives the text; it stays open.</param>
public sealed class DisplayTextWriter(TextWriter target) : TextWriter(target.FormatProvider)
{
    /// <summary>The writer that receives the text.</summary>
    public TextWriter Target { get; } = target;

    public override Encoding Encoding => Target.Encoding;

    // Half of a surrogate pair passes here: the other half comes with the next call.
    public override void Write(char value) =>
        Target.Write(char.IsSurrogate(value) || value is '\n' or '\r' ? $"{value}" : DisplayText.Escape($"{value}"));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    /// <summary>Writes a text of any number of lines: each is escaped.</summary>
    public override void Write(string? value)
    {
        if (value is not null)
        {
            Target.Write(string.Join(
                '\n', value.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n').Select(line => DisplayText.Escape(Indent(line)))));
        }
    }

    public override void WriteLine() => Target.WriteLine();

    public override void WriteLine(string? value) => Target.WriteLine(
        DisplayText.EscapeLines(value is null ? null : string.Join('\n', value.Split('\n').Select(Indent))));

    public override Task WriteAsync(string? value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    // The library of the command line indents by a tab, which would be shown as an escape.
    private static string Indent(string line) => line.StartsWith('\t') ? "  " + line[1..] : line;

    public override void Flush() => Target.Flush();

    public override Task FlushAsync() => Target.FlushAsync();
}

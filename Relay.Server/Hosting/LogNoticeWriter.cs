using System.Text;

namespace Relay.Server.Hosting;

/// <summary>Writes each line of text as an entry of the JSON log.</summary>
internal sealed class LogNoticeWriter(TextWriter log, string category, TimeProvider timeProvider) : TextWriter
{
    public override Encoding Encoding => log.Encoding;

    public override void Write(char value) => throw new NotSupportedException("Write whole lines: each is an entry of the log.");

    public override void WriteLine(string? value) =>
        log.WriteLine(JsonFormatter.FormatNotice(timeProvider.GetUtcNow(), category, value ?? ""));

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    public override void Flush() => log.Flush();
}

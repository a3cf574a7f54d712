using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Server.Hosting;
using Relay.TestKit;

namespace Relay.Server.Tests.Hosting;

public sealed class LineFormatterTests
{
    [Fact]
    [Trait("Attack", "terminal-text")]
    public void Write_MessageAndExceptionWithTextOfOthers_ForgeNoEntryAndMoveNoCursor()
    {
        using StringWriter console = new();
        InvalidDataException exception = new("bad\n12:00:00 info  1310 forged\u001b[2J");

        new LineFormatter(new TestClock()).Write(
            new LogEntry<string>(LogLevel.Warning, "relay", 1203, "column 'a\n12:00:00 info  1310 forged\u001b[1A'", exception, (state, _) => state),
            null, console);

        string[] lines = console.ToString().TrimEnd().Split('\n');
        Assert.StartsWith("2030-01-15T12:00:00.000Z warn  1203 column 'a\\n12:00:00", lines[0], StringComparison.Ordinal);
        Assert.All(lines[1..], line => Assert.StartsWith("  ", line, StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', console.ToString());
    }
}

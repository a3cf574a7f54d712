using Relay.Server.Training.Records;
using Relay.TestKit;

namespace Relay.Server.Tests.Training.Records;

public sealed class RunLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();

    private string File => _folder.Combine("1-2.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_LinesOfTwoAttempts_AreThereInOrderWithTimes()
    {
        new RunLog(File, _clock).Write("one");
        new RunLog(File, _clock).Write("two");

        string[] lines = Lines();

        Assert.Equal([$"{_clock.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} one", $"{_clock.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} two"], lines);
        Assert.EndsWith(" two\n", RunLog.Read(File, after: 1), StringComparison.Ordinal);
        Assert.Equal("", RunLog.Read(File, after: 2));
        Assert.Equal("", RunLog.Read(File, after: 200));
    }

    [Fact]
    public void Read_NoFile_IsEmpty() => Assert.Equal("", RunLog.Read(File, after: 0));

    [Fact]
    [Trait("Attack", "log-injection")]
    public void Write_TextWithLineEndsAndControls_IsOneLine()
    {
        new RunLog(File, _clock).Write("column a\n2026-01-01T00:00:00.000Z Succeeded\u001b[2J");

        Assert.Contains("column a\\n2026", Assert.Single(Lines()), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', RunLog.Read(File, after: 0));
    }

    [Fact]
    public void Write_LongText_IsCut()
    {
        new RunLog(File, _clock).Write(new string('x', 100_000));

        Assert.InRange(Assert.Single(Lines()).Length, RunLog.MaxText, RunLog.MaxText + 40);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    public void Write_ManyLines_LeavesOutThoseBetweenAndKeepsTheEnd(int length)
    {
        RunLog log = new(File, _clock);
        for (int i = 0; i < 2_000; i++)
        {
            log.Write(new string('é', length));
        }

        log.Write("Failed", isImportant: true);
        new RunLog(File, _clock).Write("Taken up again", isImportant: true);

        string[] lines = Lines();
        Assert.InRange(lines.Length, 10, RunLog.MaxLines);
        Assert.InRange(new FileInfo(File).Length, 1, RunLog.MaxBytes);
        Assert.Contains("The log is full", lines[^3], StringComparison.Ordinal);
        Assert.EndsWith(" Failed", lines[^2], StringComparison.Ordinal);
        Assert.EndsWith(" Taken up again", lines[^1], StringComparison.Ordinal);
    }

    /// <summary>The process was killed while it wrote.</summary>
    [Fact]
    public void Write_AfterATornLine_BeginsANewOne()
    {
        System.IO.File.WriteAllText(File, "2026-01-01T00:00:00.000Z one\n2026-01-01T00:00:01.000Z tw");
        Assert.Single(Lines());

        new RunLog(File, _clock).Write("three");

        Assert.Equal(3, Lines().Length);
        Assert.EndsWith(" three", Lines()[^1], StringComparison.Ordinal);
    }

    private string[] Lines() => RunLog.Read(File, after: 0).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

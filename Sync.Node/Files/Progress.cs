using Shared.Contracts;

namespace Sync.Node.Files;

/// <summary>Says once a second on a terminal how many rows are done; a log gets none of it.</summary>
internal sealed class Progress(TimeProvider timeProvider, TextWriter? terminal)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private long _shown = timeProvider.GetTimestamp();

    public static Progress OfThisProcess() => new(TimeProvider.System, Console.IsErrorRedirected ? null : Console.Error);

    public void Report(long rows)
    {
        if (terminal is not null && timeProvider.GetElapsedTime(_shown) >= Interval)
        {
            _shown = timeProvider.GetTimestamp();
            terminal.WriteLine(DisplayText.Format($"{rows:N0} rows"));
        }
    }
}

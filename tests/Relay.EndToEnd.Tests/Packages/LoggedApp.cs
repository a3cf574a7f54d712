using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Relay.TestKit;

namespace Relay.EndToEnd.Tests.Packages;

/// <summary>A published web app as a process, and what it writes to its log.</summary>
internal sealed partial class LoggedApp : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];

    private LoggedApp(string folder, IReadOnlyDictionary<string, string> options)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(folder, "App.dll"), "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in options)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Add;
        _process.ErrorDataReceived += Add;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>All lines so far.</summary>
    public string Log
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>The messages of the node so far, each a line of its own.</summary>
    public IReadOnlyList<string> NodeMessages => [.. NodeMessage().Matches(Log).Select(match => match.Groups[1].Value)];

    public static LoggedApp Start(string folder, IReadOnlyDictionary<string, string> options) => new(folder, options);

    /// <summary>Waits for a message that contains all of the texts.</summary>
    public async Task<string> WaitForMessageAsync(params string[] texts)
    {
        string? found = null;
        await Eventually.TrueAsync(() =>
        {
            found = NodeMessages.FirstOrDefault(message => texts.All(text => message.Contains(text, StringComparison.Ordinal)));
            Assert.False(found is null && _process.HasExited, Log);
            return found is not null;
        }, $"the log has a message with {string.Join(" and ", texts)}", TimeSpan.FromSeconds(30));
        return found!;
    }

    /// <summary>Waits until the app has ended by itself.</summary>
    public async Task<string> WaitForEndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return Log;
    }

    /// <summary>The status and the text of the answer to a row.</summary>
    public async Task<(int Status, string Text)> ScoreAsync()
    {
        string address = await Eventually.GetAsync(
            () => Task.FromResult(Address().Match(Log).Groups[1].Value), found => found.Length > 0, "the app listens");
        using HttpClient client = new();
        using HttpResponseMessage answer = await client.PostAsJsonAsync(
            $"{address}/score", new { numbers = new[] { 95, 10 }, categories = new[] { "tcp" } }, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Add(object sender, DataReceivedEventArgs line)
    {
        lock (_gate)
        {
            _lines.Add(line.Data ?? "");
        }
    }

    [GeneratedRegex(@"(?<=Now listening on: )(http://\S+)")]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<=: Sync\.Client\.SyncClient\[\d+\]\n      )(.*)")]
    private static partial Regex NodeMessage();
}

using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Relay.TestKit;

namespace Sync.Node.Tests.Hosting;

/// <summary>relay-node as a service manager runs it: a process with a socket for its notifications.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _notifications = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Process _process;
    private readonly Task<string> _errors;

    private NodeProcess(string command, string[] words)
    {
        File.WriteAllText(_folder.Combine("root.json"), "{}");
        _notifications.Bind(new UnixDomainSocketEndPoint(_folder.Combine("notify")));
        ProcessStartInfo start = new(
            "dotnet",
            [
                typeof(NodeCommandLine).Assembly.Location, command, "--root", _folder.Combine("root.json"), "--store", _folder.Combine("store"),
                "--model", "m", .. words,
            ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["NOTIFY_SOCKET"] = _folder.Combine("notify"), ["WATCHDOG_USEC"] = "100000" },
        };
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
        Output = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>All that it prints.</summary>
    public Task<string> Output { get; }

    /// <param name="command"><c>run</c> or <c>serve</c>.</param>
    /// <param name="words">Its options, beside root, store and model.</param>
    public static NodeProcess Start(string command, params string[] words) => new(command, words);

    /// <summary>Waits for a notification that begins so.</summary>
    public async Task WaitForAsync(string state)
    {
        byte[] buffer = new byte[4096];
        using CancellationTokenSource deadline = new(Eventually.DefaultDeadline);
        while (true)
        {
            int length = await _notifications.ReceiveAsync(buffer, deadline.Token);
            if (Encoding.UTF8.GetString(buffer, 0, length).StartsWith(state, StringComparison.Ordinal))
            {
                return;
            }
        }
    }

    /// <summary>Sends a signal by its name, such as TERM.</summary>
    public Task SignalAsync(string signal) => CommandRun.TryAsync("kill", ["-" + signal, $"{_process.Id}"]);

    public async Task<(int ExitCode, string Errors)> WaitForExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (_process.ExitCode, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _notifications.Dispose();
        _folder.Dispose();
    }
}

using System.Diagnostics;

namespace Relay.TestKit;

/// <summary>A server of Debian as a process of the test: in a folder of its own, on a free port of this machine. It ends with the test.</summary>
public abstract class LoopbackServer : IAsyncDisposable
{
    /// <summary>The folder of the process.</summary>
    protected TemporaryFolder Folder { get; } = new();

    protected int Port { get; } = LocalPort.FindFree();

    /// <summary>Null before it starts.</summary>
    protected Process? Process { get; private set; }

    public async ValueTask DisposeAsync()
    {
        if (Process is not null)
        {
            Process.Kill(entireProcessTree: true);
            await Process.WaitForExitAsync();
            Process.Dispose();
        }

        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts a server, and disposes of it where that fails.</summary>
    protected static async Task<T> StartAsync<T>(T server, Func<Task> start)
        where T : LoopbackServer
    {
        try
        {
            await start();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the process, and waits until it listens.</summary>
    /// <param name="log">The file that says why it ended; null: it says nothing.</param>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    protected async Task ListenAsync(ProcessStartInfo start, string? log = null)
    {
        Process started = Process = Process.Start(start)!;
        if (start.RedirectStandardOutput)
        {
            // An unread pipe fills up and would stop the process at a line of its log.
            started.BeginOutputReadLine();
            started.BeginErrorReadLine();
        }

        await Eventually.TrueAsync(() => started.HasExited || LocalPort.IsOpen(Port), $"{start.FileName} listens on its port");
        if (started.HasExited)
        {
            throw new InvalidOperationException($"{start.FileName} ended: {(log is null ? "" : await File.ReadAllTextAsync(log))}");
        }
    }
}

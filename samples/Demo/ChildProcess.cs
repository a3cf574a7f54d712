using System.Collections.Concurrent;
using System.Diagnostics;

namespace Demo;

/// <summary>A process that the demonstration starts, whose output it reads, and that it stops.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private ChildProcess(Process process) => _process = process;

    /// <summary>Everything it printed so far.</summary>
    public IReadOnlyCollection<string> Output => _lines;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a .NET assembly with the runtime that runs this one.</summary>
    public static ChildProcess Start(string assembly, params IEnumerable<string> arguments)
    {
        ProcessStartInfo info = new(Environment.ProcessPath ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(assembly)!,
        };
        if (Path.GetFileNameWithoutExtension(info.FileName) is not "dotnet")
        {
            info.FileName = "dotnet";           // this program was started by its own host, not by dotnet
        }

        info.ArgumentList.Add(assembly);
        foreach (string argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        ChildProcess child = new(new Process { StartInfo = info });
        child._process.OutputDataReceived += (_, e) => child.OnLine(e.Data);
        child._process.ErrorDataReceived += (_, e) => child.OnLine(e.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits for the first printed line for which <paramref name="find"/> gives a value, and returns that value.</summary>
    /// <exception cref="DemoException">The process ended, or printed no such line within a minute.</exception>
    public async Task<T> WaitForLineAsync<T>(string what, Func<string, T?> find, CancellationToken cancellationToken) where T : class
    {
        for (int i = 0; i < 600; i++)
        {
            foreach (string line in _lines)
            {
                if (find(line) is { } found)
                {
                    return found;
                }
            }

            if (HasExited)
            {
                break;
            }

            await Task.Delay(100, cancellationToken);
        }

        throw new DemoException($"the process did not print {what}; its last output:\n{string.Join('\n', _lines.TakeLast(20))}");
    }

    /// <summary>Kills the process and its children, as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void OnLine(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}

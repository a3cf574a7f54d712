using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Relay.Server.Cli;
using Relay.TestKit.Databases;
using Relay.TestKit.Trust;

namespace Relay.TestKit;

/// <summary>A relay as a process of its own, to be killed at any moment: what it had not written is then lost.</summary>
public sealed partial class RelayProcess : IAsyncDisposable
{
    private static readonly string[] LastLines = ["Nodes start", "Another relay", "This process trains"];
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(60);

    private readonly string _root = Directory.CreateTempSubdirectory("relay-kill-").FullName;
    private readonly int _port = LocalPort.FindFree();
    private readonly List<string> _output = [];
    private readonly string[] _moreArguments;
    private Process? _process;
    private string _adminKey = "";
    private readonly ConcurrentQueue<string> _log = new();
    private Task _rest = Task.CompletedTask;

    /// <param name="moreArguments">Of <c>serve</c>.</param>
    public RelayProcess(params string[] moreArguments)
    {
        _moreArguments = moreArguments;
        SmallModel.WriteFiles(Path.Combine(_root, "datasets"));
    }

    /// <summary>The relay's program; by default that of this build.</summary>
    public string Program { get; init; } = typeof(RelayApi).Assembly.Location;

    /// <summary>The relay whose folder and database this one shares, as a replica; null: it has its own.</summary>
    public RelayProcess? Beside { get; init; }

    /// <summary>True for one of several relays on one folder and one database, also for the first of them.</summary>
    public bool IsReplica { get; init; }

    /// <summary>True for a process that trains for the relay beside it, and has no address.</summary>
    public bool IsWorker { get; init; }

    /// <summary>The limit of open files of the process; null: that of the tests.</summary>
    public int? OpenFiles { get; init; }

    /// <summary>True when the process has ended.</summary>
    public bool HasEnded => _process?.HasExited != false;

    /// <summary>The descriptors that the process holds.</summary>
    public int OpenFileCount => Directory.GetFileSystemEntries($"/proc/{_process!.Id}/fd").Length;

    public string DatasetsFolder => Beside?.DatasetsFolder ?? Path.Combine(_root, "datasets");

    public Uri Address => new($"https://localhost:{_port}");

    public string AdminKey => Beside?.AdminKey ?? _adminKey;

    /// <summary>The lines that the process printed while it started.</summary>
    public IReadOnlyList<string> Output => _output;

    /// <summary>What it has logged since it listens.</summary>
    public IEnumerable<string> Log => _log;

    /// <summary>The processor time that the process has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process!.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The memory that the process holds.</summary>
    public long ResidentBytes
    {
        get
        {
            _process!.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts the process and waits until it listens.</summary>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    public async Task StartAsync()
    {
        _output.Clear();
        WriteFolderKey();

        // A shell starts what runs in the background with Ctrl-C ignored, and that is inherited: the process gets the signals' usual meaning.
        ProcessStartInfo start = new("env") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] runtime = OpenFiles is { } files ? ["bash", "-c", $"ulimit -n {files} && exec dotnet \"$@\"", "relay"] : ["dotnet"];
        string[] arguments =
        [
            "--default-signal=HUP,INT,TERM", .. runtime,
            Program, "serve", "--data", DataFolder, "--port", $"{_port}",
            "--address", "127.0.0.1", "--datasets", DatasetsFolder,
            .. IsFolderStored ? (string[])["--folder-key-file", FolderKeyFile] : [],
            .. _moreArguments.Contains("--database") ? [] : TestDatabases.ArgumentsFor(DataFolder), .. _moreArguments,
            .. IsReplica ? (string[])["--replica-address", Address.AbsoluteUri] : [], .. IsWorker ? (string[])["--role", "worker"] : [],
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.BeginErrorReadLine();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.Add(line);
            if (line.StartsWith("Admin key", StringComparison.Ordinal))
            {
                _adminKey = line[(line.LastIndexOf(' ') + 1)..];
            }

            if (LastLines.Any(last => line.StartsWith(last, StringComparison.Ordinal)))
            {
                // An unread pipe fills up and would stop the process at a line of its log.
                _rest = ReadLogAsync(_process.StandardOutput);
                return;
            }
        }

        throw new InvalidOperationException($"The relay did not start: {string.Join('\n', _output)}");
    }

    /// <summary>SIGKILL, and waits until the process is gone.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync();
            await _rest;
            process.Dispose();
        }
    }

    /// <summary>Sends a signal that asks the process to stop, and waits until it is gone.</summary>
    /// <param name="signal">As the command <c>kill</c> names it, such as <c>TERM</c>.</param>
    /// <exception cref="TimeoutException">It does not stop.</exception>
    /// <returns>The exit code: 128 and the signal's number where the signal itself ended the process.</returns>
    public async Task<int> StopAsync(string signal)
    {
        await SignalAsync(signal);
        Process process = _process!;
        _process = null;
        try
        {
            await process.WaitForExitAsync().WaitAsync(StopTime);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }

        await _rest;
        int code = process.ExitCode;
        process.Dispose();
        return code;
    }

    /// <param name="signal">As the command <c>kill</c> names it.</param>
    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", ["-s", signal, $"{_process!.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (Beside is { IsFolderStored: false } || IsWorker)
        {
            Directory.Delete(_root, recursive: true);
            return;
        }

        try
        {
            await SignatureAudit.RequireAsync(Path.Combine(DataFolder, "repository"), TimeProvider.System.GetUtcNow());
        }
        finally
        {
            Directory.Delete(_root, recursive: true);
        }
    }
}

using System.Diagnostics;
using System.Globalization;

namespace Relay.TestKit;

/// <summary>nginx with a worker for each core, in a folder of its own, on a free port of this machine.</summary>
public sealed class NginxProcess : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";
    private static readonly string[] TemporaryFolders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = LocalPort.FindFree();
    private Process? _process;

    private NginxProcess()
    {
    }

    public static bool IsInstalled => File.Exists(Program);

    public Uri Address => new($"https://localhost:{_port}");

    /// <summary>The processor time that its workers have used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            string children = File.ReadAllText($"/proc/{_process!.Id}/task/{_process.Id}/children");
            return children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(TimeSpan.Zero, (sum, child) =>
            {
                using Process worker = Process.GetProcessById(int.Parse(child, CultureInfo.InvariantCulture));
                return sum + worker.TotalProcessorTime;
            });
        }
    }

    /// <param name="servers">The configuration of what listens on a port, as the block <c>http</c> has it.</param>
    /// <exception cref="InvalidOperationException">nginx refuses the configuration.</exception>
    public static async Task<NginxProcess> StartAsync(Func<int, string> servers)
    {
        NginxProcess nginx = new();
        try
        {
            await nginx.ListenAsync(servers(nginx._port));
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Dispose();
    }

    private async Task ListenAsync(string servers)
    {
        string log = _folder.Combine("error.log");
        string configuration = _folder.Combine("nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            {{(Environment.UserName == "root" ? "user root;" : "")}}
            daemon off;
            worker_processes auto;
            pid {{_folder.Combine("pid")}};
            error_log {{log}};
            events { worker_connections 1024; }
            http {
                access_log off;
                {{string.Join('\n', TemporaryFolders.Select(part => $"{part}_temp_path {_folder.Combine(part)};"))}}
                {{servers}}
            }
            """);
        Process process = _process = Process.Start(new ProcessStartInfo(Program, ["-p", _folder.FullPath, "-c", configuration, "-e", log]))!;
        await Eventually.TrueAsync(
            () => process.HasExited || LocalPort.IsOpen(_port), $"nginx listens on port {_port.ToString(CultureInfo.InvariantCulture)}");
        if (process.HasExited)
        {
            throw new InvalidOperationException($"nginx ended: {await File.ReadAllTextAsync(log)}");
        }
    }
}

using System.Diagnostics;
using System.Globalization;

namespace Relay.TestKit;

/// <summary>nginx with a worker for each core, in a folder of its own, on a free port of this machine.</summary>
public sealed class NginxProcess : LoopbackServer
{
    private const string Program = "/usr/sbin/nginx";
    private static readonly string[] TemporaryFolders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

    private NginxProcess()
    {
    }

    public static bool IsInstalled => File.Exists(Program);

    public Uri Address => new($"https://localhost:{Port}");

    /// <summary>The processor time that its workers have used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            string children = File.ReadAllText($"/proc/{Process!.Id}/task/{Process.Id}/children");
            return children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(TimeSpan.Zero, (sum, child) =>
            {
                using Process worker = Process.GetProcessById(int.Parse(child, CultureInfo.InvariantCulture));
                return sum + worker.TotalProcessorTime;
            });
        }
    }

    /// <param name="servers">The configuration of what listens on a port, as the block <c>http</c> has it.</param>
    /// <exception cref="InvalidOperationException">nginx refuses the configuration.</exception>
    public static Task<NginxProcess> StartAsync(Func<int, string> servers)
    {
        NginxProcess nginx = new();
        return StartAsync(nginx, () => nginx.ListenAsync(servers(nginx.Port)));
    }

    private async Task ListenAsync(string servers)
    {
        string log = Folder.Combine("error.log");
        string configuration = Folder.Combine("nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            {{(Environment.UserName == "root" ? "user root;" : "")}}
            daemon off;
            worker_processes auto;
            pid {{Folder.Combine("pid")}};
            error_log {{log}};
            events { worker_connections 1024; }
            http {
                access_log off;
                {{string.Join('\n', TemporaryFolders.Select(part => $"{part}_temp_path {Folder.Combine(part)};"))}}
                {{servers}}
            }
            """);
        await ListenAsync(new ProcessStartInfo(Program, ["-p", Folder.FullPath, "-c", configuration, "-e", log]), log);
    }
}

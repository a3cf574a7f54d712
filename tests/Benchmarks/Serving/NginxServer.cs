using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Relay.TestKit;

namespace Benchmarks.Serving;

/// <summary>nginx as a static file server: a worker for each core, TLS 1.3, HTTP/1.1 and HTTP/2, and no access log, since a relay writes none.
/// </summary>
internal sealed class NginxServer : IAsyncDisposable
{
    public const string Program = "/usr/sbin/nginx";

    private readonly TemporaryFolder _folder;
    private readonly Process _process;

    private NginxServer(TemporaryFolder folder, Process process, int port) =>
        (_folder, _process, Address) = (folder, process, new($"https://localhost:{port}"));

    public Uri Address { get; }

    /// <summary>The processor time that its workers have used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            string children = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children");
            return children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(TimeSpan.Zero, (sum, child) =>
            {
                using Process worker = Process.GetProcessById(int.Parse(child, CultureInfo.InvariantCulture));
                return sum + worker.TotalProcessorTime;
            });
        }
    }

    /// <param name="root">The folder that it serves.</param>
    /// <param name="certificate">PEM of the certificate and its key.</param>
    public static async Task<NginxServer> StartAsync(string root, string certificate)
    {
        TemporaryFolder folder = new();
        int port = FindPort();
        string[] temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        await File.WriteAllTextAsync(folder.Combine("nginx.conf"), $$"""
            {{(Environment.UserName == "root" ? "user root;" : "")}}
            daemon off;
            worker_processes auto;
            pid {{folder.Combine("pid")}};
            error_log {{folder.Combine("error.log")}};
            events { worker_connections 1024; }
            http {
                access_log off;
                sendfile on;
                tcp_nopush on;
                keepalive_requests 100000000;
                {{string.Join('\n', temporary.Select(part => $"{part}_temp_path {folder.Combine(part)};"))}}
                server {
                    listen 127.0.0.1:{{port}} ssl http2;
                    server_name localhost;
                    ssl_certificate {{certificate}};
                    ssl_certificate_key {{certificate}};
                    ssl_protocols TLSv1.3;
                    ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384;
                    root {{root}};
                }
            }
            """);
        Process process = Process.Start(new ProcessStartInfo(
            Program, ["-p", folder.FullPath, "-c", folder.Combine("nginx.conf"), "-e", folder.Combine("error.log")]))!;
        NginxServer server = new(folder, process, port);
        await Eventually.TrueAsync(
            () => process.HasExited || CanConnect(port), $"nginx listens on port {port.ToString(CultureInfo.InvariantCulture)}");
        return process.HasExited
            ? throw new InvalidOperationException($"nginx ended: {await File.ReadAllTextAsync(folder.Combine("error.log"))}")
            : server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private static int FindPort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool CanConnect(int port)
    {
        try
        {
            using TcpClient client = new();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

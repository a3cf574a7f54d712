using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Relay.TestKit;

namespace Relay.EndToEnd.Tests;

/// <summary>nginx in front of a relay, with the configuration of <c>deploy/nginx-relay.conf</c> and its buffering on. It presents the relay's own
/// certificate.</summary>
internal sealed class NginxProxy : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private NginxProxy(TemporaryFolder folder, Process process, int port) =>
        (_folder, _process, Address) = (folder, process, new($"https://localhost:{port}"));

    public Uri Address { get; }

    public static bool IsHere => File.Exists(Program);

    public static async Task<NginxProxy> StartAsync(TestRelay relay)
    {
        TemporaryFolder folder = new();
        int port = FindPort();
        string presented = Path.Combine(relay.DataFolder, "tls", "server.key");
        string site = Replace(File.ReadAllText(RepositoryRoot.Combine("deploy", "nginx-relay.conf")), new()
        {
            ["127.0.0.1:60002"] = $"127.0.0.1:{relay.Address.Port}",
            ["listen 443"] = $"listen 127.0.0.1:{port}",
            ["relay.example"] = "localhost",
            ["/etc/nginx/relay/tls.pem"] = presented,
            ["/etc/nginx/relay/tls.key"] = presented,
            ["/etc/nginx/relay/ca.pem"] = relay.CertificateAuthority,
        });
        File.WriteAllText(folder.Combine("site.conf"), site);
        string[] temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        File.WriteAllText(folder.Combine("nginx.conf"), $$"""
            {{(Environment.UserName == "root" ? "user root;" : "")}}
            daemon off;
            worker_processes 1;
            pid {{folder.Combine("pid")}};
            error_log {{folder.Combine("error.log")}};
            events { worker_connections 256; }
            http {
                access_log off;
                {{string.Join('\n', temporary.Select(part => $"{part}_temp_path {folder.Combine(part)};"))}}
                include {{folder.Combine("site.conf")}};
            }
            """);
        Process process = Process.Start(new ProcessStartInfo(Program,
            ["-p", folder.FullPath, "-c", folder.Combine("nginx.conf"), "-e", folder.Combine("error.log")]))!;
        NginxProxy proxy = new(folder, process, port);
        await Eventually.TrueAsync(
            () => process.HasExited || CanConnect(port), $"nginx listens on port {port.ToString(CultureInfo.InvariantCulture)}");
        return process.HasExited
            ? throw new InvalidOperationException($"nginx ended: {File.ReadAllText(folder.Combine("error.log"))}")
            : proxy;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private static string Replace(string text, Dictionary<string, string> values)
    {
        foreach ((string placeholder, string value) in values)
        {
            Assert.Contains(placeholder, text, StringComparison.Ordinal);
            text = text.Replace(placeholder, value, StringComparison.Ordinal);
        }

        return text;
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

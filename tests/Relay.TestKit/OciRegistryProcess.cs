using System.Diagnostics;

namespace Relay.TestKit;

/// <summary>Debian's docker-registry in a folder of its own, on a free port of this machine, without TLS. It is of version 2.8, and has no referrers
/// API.</summary>
public sealed class OciRegistryProcess : IAsyncDisposable
{
    /// <summary>What the registry takes where it asks for a password.</summary>
    public const string Credentials = "ci:secret";

    // By bcrypt, of "secret".
    private const string Passwords = "ci:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a";
    private const string Program = "docker-registry";

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = LocalPort.FindFree();
    private Process? _process;

    private OciRegistryProcess()
    {
    }

    public string Name => $"localhost:{_port}";

    public Uri Address => new($"http://{Name}");

    public static async Task<bool> IsInstalledAsync() => await CommandRun.TryAsync(Program, ["--version"]) is not null;

    /// <param name="asksForPassword">True for one that takes <see cref="Credentials"/> alone.</param>
    public static async Task<OciRegistryProcess> StartAsync(bool asksForPassword = false)
    {
        OciRegistryProcess registry = new();
        try
        {
            await registry.ListenAsync(asksForPassword);
            return registry;
        }
        catch
        {
            await registry.DisposeAsync();
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

    private async Task ListenAsync(bool asksForPassword)
    {
        string passwords = _folder.Combine("passwords");
        await File.WriteAllTextAsync(passwords, Passwords + "\n");
        string configuration = _folder.Combine("config.yml");
        string auth = asksForPassword ? $"auth: {{ htpasswd: {{ realm: test, path: {passwords} }} }}\n" : "";
        await File.WriteAllTextAsync(
            configuration,
            $"version: 0.1\nlog: {{ level: error, accesslog: {{ disabled: true }} }}\n{auth}"
            + $"storage: {{ filesystem: {{ rootdirectory: {_folder.Combine("data")} }} }}\nhttp: {{ addr: 'localhost:{_port}' }}\n");
        ProcessStartInfo start = new(Program, ["serve", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["OTEL_TRACES_EXPORTER"] = "none";
        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await Eventually.TrueAsync(() => _process.HasExited || LocalPort.IsOpen(_port), $"docker-registry listens on port {_port}");
    }
}

using System.Diagnostics;

namespace Relay.TestKit;

/// <summary>Debian's docker-registry in a folder of its own, on a free port of this machine, without TLS. It is of version 2.8, and has no referrers
/// API.</summary>
public sealed class OciRegistryProcess : LoopbackServer
{
    /// <summary>What the registry takes where it asks for a password.</summary>
    public const string Credentials = "ci:secret";

    // By bcrypt, of "secret".
    private const string Passwords = "ci:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a";
    private const string Program = "docker-registry";

    private OciRegistryProcess()
    {
    }

    public string Name => $"localhost:{Port}";

    public Uri Address => new($"http://{Name}");

    public static async Task<bool> IsInstalledAsync() => await CommandRun.TryAsync(Program, ["--version"]) is not null;

    /// <param name="asksForPassword">True for one that takes <see cref="Credentials"/> alone.</param>
    public static Task<OciRegistryProcess> StartAsync(bool asksForPassword = false)
    {
        OciRegistryProcess registry = new();
        return StartAsync(registry, () => registry.ListenAsync(asksForPassword));
    }

    private async Task ListenAsync(bool asksForPassword)
    {
        string passwords = Folder.Combine("passwords");
        await File.WriteAllTextAsync(passwords, Passwords + "\n");
        string configuration = Folder.Combine("config.yml");
        string auth = asksForPassword ? $"auth: {{ htpasswd: {{ realm: test, path: {passwords} }} }}\n" : "";
        await File.WriteAllTextAsync(
            configuration,
            $"version: 0.1\nlog: {{ level: error, accesslog: {{ disabled: true }} }}\n{auth}"
            + $"storage: {{ filesystem: {{ rootdirectory: {Folder.Combine("data")} }} }}\nhttp: {{ addr: 'localhost:{Port}' }}\n");
        ProcessStartInfo start = new(Program, ["serve", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["OTEL_TRACES_EXPORTER"] = "none";
        await ListenAsync(start);
    }
}

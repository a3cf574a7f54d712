using System.Security.Cryptography.X509Certificates;
using Relay.Server.Cli;
using Shared.Contracts.Api;

namespace Demo;

/// <summary>Attacks on the network path of new nodes: the attacker terminates TLS with the relay's own certificate, alters files and
/// replays old ones, and the nodes must refuse each.</summary>
internal sealed class TamperingTrial : IAsyncDisposable
{
    private const string Timestamp = Routes.Metadata + "/timestamp.json";

    private readonly DemoStage _stage;
    private readonly HttpClient _relay;
    private readonly TamperingProxy _proxy;

    private TamperingTrial(DemoStage stage, HttpClient relay, TamperingProxy proxy)
    {
        _stage = stage;
        _relay = relay;
        _proxy = proxy;
    }

    /// <summary>Starts the proxy and records the current metadata for the replay.</summary>
    public static async Task<TamperingTrial> StartAsync(DemoStage stage, CancellationToken cancellationToken)
    {
        HttpClient relay = new(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = RelayApi.Pin(stage.Relay.CertificateAuthority) } })
        {
            BaseAddress = stage.Relay.Address,
        };
        string certificate = Path.Combine(stage.RelayFolder, "tls", "server.key");
        TamperingProxy proxy = await TamperingProxy.StartAsync(relay, X509Certificate2.CreateFromPemFile(certificate), cancellationToken);
        await proxy.RecordAsync(Timestamp, stage.Relay.AdminKey, cancellationToken);
        return new(stage, relay, proxy);
    }

    /// <summary>Alters a byte of the artifact, then of its signature, then replays old metadata.</summary>
    public async Task<DemoRefusals> TryAllAsync(int activeVersion, CancellationToken cancellationToken)
    {
        string artifact = await RefusalOfAlteredAsync("artifact", ".onnx", cancellationToken);
        string signature = await RefusalOfAlteredAsync("signature", ".p7s", cancellationToken);
        return new DemoRefusals(artifact, signature, await RefusalOfReplayAsync(activeVersion, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _relay.Dispose();
    }

    private async Task<string> RefusalOfAlteredAsync(string what, string ending, CancellationToken cancellationToken)
    {
        _proxy.Alter = (path, bytes) => path.EndsWith(ending, StringComparison.Ordinal) ? FlipByte(bytes) : bytes;
        await using DemoSite node = await NewNodeAsync(what, cancellationToken);
        string reason = await RefusalAsync(node, cancellationToken);
        _stage.Progress.WriteLine($"attack   one byte of the {what} altered on the way: refused, {reason}");
        return reason;
    }

    private async Task<string> RefusalOfReplayAsync(int activeVersion, CancellationToken cancellationToken)
    {
        _proxy.Alter = static (_, bytes) => bytes;
        await using DemoSite node = await NewNodeAsync("replay", cancellationToken);
        await node.WaitUntilAsync($"version {activeVersion}", s => s.Active?.Version == activeVersion, cancellationToken);
        _stage.Progress.WriteLine($"attack   nothing altered: verified and activated version {activeVersion}");

        _proxy.Alter = (path, bytes) => path == Timestamp ? _proxy.Recorded(Timestamp)! : bytes;
        string reason = await RefusalAsync(node, cancellationToken);
        _stage.Progress.WriteLine($"attack   older metadata replayed: refused, {reason}");
        return reason;
    }

    private async Task<DemoSite> NewNodeAsync(string name, CancellationToken cancellationToken)
    {
        DemoSite node = new($"tampering-{name}", Path.Combine(_stage.Folder, $"tampering-{name}"), _stage.Model.Spec.Name, FreePort.Find());
        await node.StartAsync(_proxy.Address, _stage.Relay, cancellationToken);
        return node;
    }

    private static async Task<string> RefusalAsync(DemoSite node, CancellationToken cancellationToken) =>
        (await node.WaitUntilAsync("a refusal", s => s.Refusals.Count > 0, cancellationToken)).Refusals[^1].Reason;

    private static byte[] FlipByte(byte[] bytes)
    {
        byte[] altered = [.. bytes];
        altered[altered.Length / 2] ^= 1;
        return altered;
    }
}

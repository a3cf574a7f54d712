using System.Security.Cryptography.X509Certificates;
using Relay.Server.Cli;
using Shared.Contracts.Api;

namespace Demo;

/// <summary>New nodes, whose way to the relay an attacker holds, TLS included: they must take nothing that was touched.</summary>
internal sealed class TamperingVisitor : IAsyncDisposable
{
    private const string Timestamp = Routes.Metadata + "/timestamp.json";

    private readonly DemoStage _stage;
    private readonly HttpClient _relay;
    private readonly TamperingMirror _mirror;

    private TamperingVisitor(DemoStage stage, HttpClient relay, TamperingMirror mirror)
    {
        _stage = stage;
        _relay = relay;
        _mirror = mirror;
    }

    /// <summary>Stands in the way from now on, and keeps what is current now for a replay.</summary>
    public static async Task<TamperingVisitor> StartAsync(DemoStage stage, CancellationToken cancel)
    {
        HttpClient relay = new(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = RelayApi.Pin(stage.Relay.CertificateAuthority) } })
        {
            BaseAddress = stage.Relay.Address,
        };
        string certificate = Path.Combine(stage.RelayFolder, "tls", "server.key");
        TamperingMirror mirror = await TamperingMirror.StartAsync(relay, X509Certificate2.CreateFromPemFile(certificate), cancel);
        await mirror.RememberAsync(Timestamp, cancel);
        return new(stage, relay, mirror);
    }

    /// <summary>Alters a byte of the artifact, then of its signature, then replays old metadata.</summary>
    public async Task<DemoRefusals> TryAllAsync(int activeVersion, CancellationToken cancel)
    {
        string artifact = await RefusalOfAlteredAsync("artifact", ".onnx", cancel);
        string signature = await RefusalOfAlteredAsync("signature", ".p7s", cancel);
        return new DemoRefusals(artifact, signature, await RefusalOfReplayAsync(activeVersion, cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await _mirror.DisposeAsync();
        _relay.Dispose();
    }

    private async Task<string> RefusalOfAlteredAsync(string what, string ending, CancellationToken cancel)
    {
        _mirror.Alter = (path, bytes) => path.EndsWith(ending, StringComparison.Ordinal) ? Flip(bytes) : bytes;
        await using DemoSite node = await NewNodeAsync(what, cancel);
        string reason = await RefusalAsync(node, cancel);
        _stage.Narrator.Say($"visitor  one byte of the {what} altered on the way: refused, {reason}");
        return reason;
    }

    private async Task<string> RefusalOfReplayAsync(int activeVersion, CancellationToken cancel)
    {
        _mirror.Alter = static (_, bytes) => bytes;
        await using DemoSite node = await NewNodeAsync("replay", cancel);
        await node.UntilAsync($"version {activeVersion}", s => s.Active?.Version == activeVersion, cancel);
        _stage.Narrator.Say($"visitor  nothing altered: verified and activated version {activeVersion}");

        _mirror.Alter = (path, bytes) => path == Timestamp ? _mirror.Remembered(Timestamp)! : bytes;
        string reason = await RefusalAsync(node, cancel);
        _stage.Narrator.Say($"visitor  the metadata of before replayed: refused, {reason}");
        return reason;
    }

    private async Task<DemoSite> NewNodeAsync(string name, CancellationToken cancel)
    {
        DemoSite node = new($"visitor-{name}", Path.Combine(_stage.Folder, $"visitor-{name}"), _stage.Model.Spec.Name, FreePort.Find());
        await node.StartAsync(_mirror.Address, _stage.Relay.TrustedRoot, _stage.Relay.CertificateAuthority, cancel);
        return node;
    }

    private static async Task<string> RefusalAsync(DemoSite node, CancellationToken cancel) =>
        (await node.UntilAsync("a refusal", s => s.Refusals.Count > 0, cancel)).Refusals[^1].Reason;

    private static byte[] Flip(byte[] bytes)
    {
        byte[] altered = [.. bytes];
        altered[altered.Length / 2] ^= 1;
        return altered;
    }
}

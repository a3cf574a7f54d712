using System.Security.Cryptography.X509Certificates;
using Relay.Server.Cli;
using Shared.Contracts.Api;

namespace Relay.Server.Demo;

/// <summary>Another node, whose way to the relay an attacker holds, TLS included: it must take nothing that was touched.</summary>
internal sealed class TamperingVisitor : IAsyncDisposable
{
    private const string Timestamp = Routes.Metadata + "/timestamp.json";

    private readonly DemoStage _stage;
    private readonly HttpClient _relay;
    private readonly TamperingMirror _mirror;
    private readonly DemoSite _node;

    private TamperingVisitor(DemoStage stage, HttpClient relay, TamperingMirror mirror, DemoSite node)
    {
        _stage = stage;
        _relay = relay;
        _mirror = mirror;
        _node = node;
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
        DemoSite node = new("visitor", Path.Combine(stage.Folder, "visitor"), stage.Model.Spec.Name, FreePort.Find());
        return new(stage, relay, mirror, node);
    }

    /// <summary>Alters a byte of the artifact, then of its signature, then replays old metadata.</summary>
    public async Task<DemoRefusals> TryAllAsync(int activeVersion, CancellationToken cancel)
    {
        _mirror.Alter = (path, bytes) => path.EndsWith(".onnx", StringComparison.Ordinal) ? Flip(bytes) : bytes;
        await _node.StartAsync(_mirror.Address, _stage.Relay.TrustedRoot, _stage.Relay.CertificateAuthority, cancel);
        string artifact = await RefusalAfterAsync("a refusal", [], cancel);
        _stage.Narrator.Say($"visitor  one byte of the artifact altered on the way: refused, {artifact}");

        _mirror.Alter = (path, bytes) => path.EndsWith(".p7s", StringComparison.Ordinal) ? Flip(bytes) : bytes;
        string signature = await RefusalAfterAsync("another refusal", [artifact], cancel);
        _stage.Narrator.Say($"visitor  one byte of the signature altered on the way: refused, {signature}");

        _mirror.Alter = static (_, bytes) => bytes;
        await _node.UntilAsync($"version {activeVersion}", s => s.Active?.Version == activeVersion, cancel);
        _stage.Narrator.Say($"visitor  nothing altered: verified and activated version {activeVersion}");

        _mirror.Alter = (path, bytes) => path == Timestamp ? _mirror.Remembered(Timestamp)! : bytes;
        string replay = await RefusalAfterAsync("a refused replay", [artifact, signature], cancel);
        _stage.Narrator.Say($"visitor  the metadata of before replayed: refused, {replay}");
        return new DemoRefusals(artifact, signature, replay);
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _mirror.DisposeAsync();
        _relay.Dispose();
    }

    private async Task<string> RefusalAfterAsync(string what, string[] known, CancellationToken cancel)
    {
        SiteStatus status = await _node.UntilAsync(what, s => s.Refusals.Any(r => !known.Contains(r.Reason)), cancel);
        return status.Refusals.First(r => !known.Contains(r.Reason)).Reason;
    }

    private static byte[] Flip(byte[] bytes)
    {
        byte[] altered = [.. bytes];
        altered[altered.Length / 2] ^= 1;
        return altered;
    }
}

using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts.Api;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Signing.Evidence;

/// <summary>A published version as an outsider has it: its files under their plain names, the anchors, and OpenSSL. Nothing in here is
/// computed by the relay's own code.</summary>
internal sealed class EvidenceFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private EvidenceFolder()
    {
    }

    public string Path => _folder.FullPath;

    /// <summary>The version's folder: <c>model.onnx</c> and what lies beside it.</summary>
    public string Version => _folder.Combine("version");

    public static async Task<EvidenceFolder> TakeAsync(TestRelay relay, ModelVersion version)
    {
        Assert.SkipUnless(await OpenSsl.IsInstalledAsync(), "openssl is not installed.");
        EvidenceFolder folder = new();
        Directory.CreateDirectory(folder.Version);
        byte[] timestamp = await relay.Anonymous.GetByteArrayAsync($"{Routes.Metadata}/timestamp.json");
        JsonElement snapshot = await MetadataAsync(relay, ListedVersion(timestamp, "snapshot.json"), "snapshot");
        JsonElement targets = await MetadataAsync(
            relay, snapshot.GetProperty("meta").GetProperty("targets.json").GetProperty("version").GetInt32(), "targets");
        foreach (JsonProperty target in targets.GetProperty("targets").EnumerateObject())
        {
            string sha256 = target.Value.GetProperty("hashes").GetProperty("sha256").GetString()!;
            string name = target.Name[(target.Name.LastIndexOf('/') + 1)..];
            string at = target.Name[..^name.Length];
            string? place = at == $"models/{version.Name}/{version.Version}/" ? folder.Version
                : target.Name == TargetPaths.Anchors ? folder.Path : null;
            if (place is not null)
            {
                await File.WriteAllBytesAsync(
                    System.IO.Path.Combine(place, name), await relay.Anonymous.GetByteArrayAsync($"{Routes.Targets}/{at}{sha256}.{name}"));
            }
        }

        return folder;
    }

    public async Task<JsonElement> JsonAsync(string name) =>
        JsonSerializer.Deserialize<JsonElement>(await File.ReadAllBytesAsync(System.IO.Path.Combine(Version, name)));

    /// <summary>SHA-256 of a file by OpenSSL, lower-case hex.</summary>
    public async Task<string> DigestAsync(string path)
    {
        CommandRun run = await OpenSsl.RunAsync(Path, "dgst", "-sha256", "-r", path);
        return Encoding.ASCII.GetString(run.Output)[..64];
    }

    /// <summary>The public key of the certificate that is inside the detached CMS signature, in <c>signer.pub</c>; the certificate, checked
    /// against the anchors, in <c>signer.pem</c>.</summary>
    public async Task ExtractSignerAsync()
    {
        await RunAsync("pkcs7", "-inform", "DER", "-in", "version/model.onnx.p7s", "-print_certs", "-out", "signer.pem");
        await RunAsync("verify", "-CAfile", "anchors.pem", "signer.pem");
        CommandRun key = await RunAsync("x509", "-in", "signer.pem", "-noout", "-pubkey");
        await File.WriteAllBytesAsync(_folder.Combine("signer.pub"), key.Output);
    }

    /// <summary>Verifies a DSSE envelope by the signer's public key and gives the statement in it.</summary>
    public async Task<JsonElement> VerifyAsync(JsonElement envelope)
    {
        Assert.True(await VerifiesAsync(envelope));
        Assert.Equal("application/vnd.in-toto+json", envelope.GetProperty("payloadType").GetString());
        return JsonSerializer.Deserialize<JsonElement>(envelope.GetProperty("payload").GetBytesFromBase64());
    }

    public async Task<bool> VerifiesAsync(JsonElement envelope)
    {
        byte[] payload = envelope.GetProperty("payload").GetBytesFromBase64();
        string type = envelope.GetProperty("payloadType").GetString()!;
        JsonElement signature = Assert.Single(envelope.GetProperty("signatures").EnumerateArray());
        await File.WriteAllBytesAsync(_folder.Combine("sig"), signature.GetProperty("sig").GetBytesFromBase64());
        await File.WriteAllBytesAsync(
            _folder.Combine("pae"),
            [.. Encoding.UTF8.GetBytes($"DSSEv1 {Encoding.UTF8.GetByteCount(type)} {type} {payload.Length} "), .. payload]);
        CommandRun run = await OpenSsl.RunAsync(Path, "dgst", "-sha256", "-verify", "signer.pub", "-signature", "sig", "pae");
        return run.ExitCode == 0;
    }

    public void Dispose() => _folder.Dispose();

    private async Task<CommandRun> RunAsync(params string[] arguments)
    {
        CommandRun run = await OpenSsl.RunAsync(Path, arguments);
        Assert.True(run.ExitCode == 0, run.Errors);
        return run;
    }

    private static int ListedVersion(byte[] metadata, string of) => JsonSerializer.Deserialize<JsonElement>(metadata)
        .GetProperty("signed").GetProperty("meta").GetProperty(of).GetProperty("version").GetInt32();

    private static async Task<JsonElement> MetadataAsync(TestRelay relay, int version, string role) =>
        (await relay.Anonymous.GetFromJsonAsync<JsonElement>($"{Routes.Metadata}/{version}.{role}.json")).GetProperty("signed");
}

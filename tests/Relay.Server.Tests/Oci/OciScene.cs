using System.Security.Cryptography;
using System.Text.Json;
using Relay.Server.Oci;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Oci;

/// <summary>A relay with a published version, a registry, and a folder that a test pulls into.</summary>
internal sealed class OciScene(PublishedRelay open, OciRegistryFixture fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Pulled => _folder.Combine("pulled");

    public string Anchors => Combine("downloaded/anchors.pem");

    public string Version => $"{open.Published.Name}@{open.Published.Version}";

    public void Dispose() => _folder.Dispose();

    public string Combine(string path) => _folder.Combine(path);

    public Task<RelayCommandRun> PushAsync(string name) =>
        RelayCommandRun.OnAsync(open.Relay, "oci", "push", Version, $"{fixture.Registry.Name}/{name}", "--insecure-http");

    public Task<RelayCommandRun> PullAsync(string name) =>
        RelayCommandRun.RunAsync("oci", "pull", $"{fixture.Registry.Name}/{name}", Pulled, "--anchors", Anchors, "--insecure-http");

    /// <summary>The files of the published version, verified by the relay's own download.</summary>
    public async Task<Dictionary<string, byte[]>> DownloadAsync(TestRelay? relay = null, string? version = null)
    {
        string folder = Combine("downloaded");
        RelayCommandRun run = await RelayCommandRun.OnAsync(relay ?? open.Relay, "download", version ?? Version, folder);
        Assert.True(run.Code == 0, run.Error);
        return Directory.GetFiles(folder).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes, StringComparer.Ordinal);
    }

    public static ModelCard ReadCard(Dictionary<string, byte[]> files) =>
        JsonSerializer.Deserialize(files["card.json"], ModelJson.Default.ModelCard)!;

    /// <summary>Sends files as they are, as an attacker with access to the registry may.</summary>
    public async Task PushFilesAsync(string repository, Dictionary<string, byte[]> files, ModelCard? card = null)
    {
        OciReference reference = new(fixture.Registry.Name, repository, "1");
        using HttpClient http = new() { BaseAddress = fixture.Registry.Address };
        card = (card ?? ReadCard(files)) with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(files["model.onnx"])) };
        await new OciArtifact(new(http, reference, new(null)), reference).PushAsync(card, files, TestContext.Current.CancellationToken);
    }
}

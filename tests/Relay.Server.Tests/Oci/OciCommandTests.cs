using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Relay.Server.Oci;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Oci;

/// <summary><c>relay oci</c> with a relay and a registry of Debian.</summary>
public sealed class OciCommandTests(PublishedRelay open, OciRegistryFixture fixture) : IClassFixture<OciRegistryFixture>, IDisposable
{
    private readonly OciScene _scene = new(open, fixture);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task PushThenPull_GivesTheModelUnderItsDigestAndAllEvidence()
    {
        await _scene.DownloadAsync();

        RelayCommandRun pushed = await _scene.PushAsync("models/small:1");
        RelayCommandRun pulled = await _scene.PullAsync("models/small:1");

        Assert.True(pushed.Code == 0, pushed.Error);
        Assert.True(pulled.Code == 0, pulled.Error);
        Assert.Equal(
            ["bom.cdx.json", "card.json", "model.onnx", "model.onnx.p7s", "model.sig", "provenance.dsse.json", "test-result.dsse.json"],
            Directory.GetFiles(_scene.Pulled).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(_scene.Pulled), file => Assert.Equal(
            File.ReadAllBytes(_scene.Combine($"downloaded/{Path.GetFileName(file)}")), File.ReadAllBytes(file)));

        // The layer is the file that nodes verify.
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(_scene.Pulled, "model.onnx"))));
        using HttpClient http = new() { BaseAddress = fixture.Registry.Address };
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(_scene.Pulled, "model.onnx"), Cancel),
            await http.GetByteArrayAsync($"/v2/models/small/blobs/sha256:{sha256}", Cancel));
        Assert.Contains($"model    sha256:{sha256}", pushed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_Twice_SendsTheSameManifestAndListsEachReferrerOnce()
    {
        RelayCommandRun first = await _scene.PushAsync("models/twice:1");
        RelayCommandRun second = await _scene.PushAsync("models/twice:1");

        Assert.Equal((0, first.Output), (second.Code, second.Output));
        string digest = first.Output.Split("manifest ")[1].Split('\n')[0];
        using HttpClient http = new() { BaseAddress = fixture.Registry.Address };
        http.DefaultRequestHeaders.Accept.ParseAdd(ModelPack.IndexType);
        JsonElement index = await http.GetFromJsonAsync<JsonElement>($"/v2/models/twice/manifests/{digest.Replace(':', '-')}", Cancel);
        Assert.Equal(
            ModelPack.Evidence.Values.Order(StringComparer.Ordinal),
            index.GetProperty("manifests").EnumerateArray()
                .Select(one => one.GetProperty("artifactType").GetString()!).Order(StringComparer.Ordinal));
        await _scene.DownloadAsync();
        Assert.Equal(0, (await _scene.PullAsync($"models/twice@{digest}")).Code);
    }

    [Fact]
    public async Task Push_ToTheDigestOfAnotherManifest_SendsNothing()
    {
        string repository = "models/other-digest";
        string digest = "sha256:" + new string('0', 64);

        RelayCommandRun refused = await _scene.PushAsync($"{repository}@{digest}");

        Assert.NotEqual(0, refused.Code);
        Assert.Contains($"and not {digest}: name a tag", refused.Error, StringComparison.Ordinal);
        using HttpClient http = new() { BaseAddress = fixture.Registry.Address };
        using HttpResponseMessage tags = await http.GetAsync($"/v2/{repository}/tags/list", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, tags.StatusCode);
    }

    [Fact]
    public async Task PushAndPull_RegistryThatAsksForAPassword_TakeItFromAFile()
    {
        Assert.SkipUnless(await OciRegistryProcess.IsInstalledAsync(), "docker-registry is missing");
        await using OciRegistryProcess registry = await OciRegistryProcess.StartAsync(asksForPassword: true);
        await _scene.DownloadAsync();
        string auth = _scene.Combine("registry.auth");
        await File.WriteAllTextAsync(auth, OciRegistryProcess.Credentials + "\n", Cancel);
        string reference = $"{registry.Name}/small:1";

        RelayCommandRun refused = await RelayCommandRun.OnAsync(open.Relay, "oci", "push", _scene.Version, reference, "--insecure-http");
        RelayCommandRun pushed = await RelayCommandRun.OnAsync(
            open.Relay, "oci", "push", _scene.Version, reference, "--insecure-http", "--registry-auth", auth);
        RelayCommandRun pulled = await RelayCommandRun.RunAsync(
            "oci", "pull", reference, _scene.Pulled, "--anchors", _scene.Anchors, "--insecure-http", "--registry-auth", auth);

        Assert.Contains("--registry-auth", refused.Error, StringComparison.Ordinal);
        Assert.True(pushed.Code == 0, pushed.Error);
        Assert.True(pulled.Code == 0, pulled.Error);
    }

    [Fact]
    public async Task Push_VersionThatIsNotPublishedOrIsRevoked_IsRefused()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 2));
        await relay.TrainSmallAsync(trees: 3);
        (await relay.Admin.PostAsync(Routes.RevokeOf("small", 1), HttpResponses.Json("""{"reason":"a test"}"""))).Dispose();

        RelayCommandRun revoked = await RelayCommandRun.OnAsync(relay, "oci", "push", "small@1", "localhost:1/small:1");
        RelayCommandRun unpublished = await RelayCommandRun.OnAsync(relay, "oci", "push", "small@2", "localhost:1/small:2");

        Assert.Contains("is revoked", revoked.Error, StringComparison.Ordinal);
        Assert.Contains("publish it first", unpublished.Error, StringComparison.Ordinal);
    }
}

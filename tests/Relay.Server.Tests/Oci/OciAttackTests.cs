using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Oci;

/// <summary>What a registry may send that is not what the relay sent.</summary>
public sealed class OciAttackTests(PublishedRelay open, OciRegistryFixture fixture) : IClassFixture<OciRegistryFixture>, IDisposable
{
    private readonly OciScene _scene = new(open, fixture);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _scene.Dispose();

    [Fact]
    [Trait("Attack", "oci-registry")]
    public async Task Pull_ByOtherCertificates_WritesNothing()
    {
        await _scene.PushAsync("models/roots:1");
        await using TestRelay other = await TestRelay.StartAsync();
        await other.PublishAsync("stable", await other.TrainSmallAsync(trees: 2));
        await _scene.DownloadAsync(other, "small@1");

        await AssertRefusedAsync("models/roots:1");
    }

    [Theory]
    [Trait("Attack", "oci-registry")]
    [InlineData("model.onnx")]
    [InlineData("model.onnx.p7s")]
    [InlineData("model.sig")]
    [InlineData("provenance.dsse.json")]
    [InlineData("test-result.dsse.json")]
    public async Task Pull_FileThatWasAltered_WritesNothing(string altered)
    {
        Dictionary<string, byte[]> files = await _scene.DownloadAsync();
        files[altered][files[altered].Length / 2] ^= 1;
        string repository = $"altered/{altered}";
        await _scene.PushFilesAsync(repository, files);

        await AssertRefusedAsync($"{repository}:1");
    }

    [Theory]
    [Trait("Attack", "oci-registry")]
    [InlineData("model.onnx.p7s")]
    [InlineData("model.sig")]
    [InlineData("provenance.dsse.json")]
    [InlineData("test-result.dsse.json")]
    public async Task Pull_EvidenceIsMissingOrOfAnotherVersion_WritesNothing(string name)
    {
        Dictionary<string, byte[]> files = await _scene.DownloadAsync();
        Dictionary<string, byte[]> without = new(files, StringComparer.Ordinal);
        without.Remove(name);
        string repository = $"missing/{name}";
        await _scene.PushFilesAsync(repository, without);
        await AssertRefusedAsync($"{repository}:1");

        // The same bytes under another number: what is signed names the version.
        ModelCard card = OciScene.ReadCard(files) with { Version = 9 };
        await _scene.PushFilesAsync($"{repository}/renamed", files, card: card);
        await AssertRefusedAsync($"{repository}/renamed:1");
    }

    [Fact]
    [Trait("Attack", "oci-registry")]
    public async Task Pull_AnotherAddedEvidenceThatDoesNotVerify_TakesTheOneThatDoes()
    {
        Dictionary<string, byte[]> files = await _scene.DownloadAsync();
        Dictionary<string, byte[]> strange = files.ToDictionary(
            file => file.Key, file => file.Key == "model.onnx" ? file.Value : "{}"u8.ToArray(), StringComparer.Ordinal);
        strange["card.json"] = files["card.json"];
        await _scene.PushFilesAsync("mixed", strange);
        await _scene.PushFilesAsync("mixed", files);

        RelayCommandRun run = await _scene.PullAsync("mixed:1");

        Assert.True(run.Code == 0, run.Error);
        Assert.Equal(files["model.sig"], await File.ReadAllBytesAsync(Path.Combine(_scene.Pulled, "model.sig"), Cancel));
    }

    private async Task AssertRefusedAsync(string name)
    {
        RelayCommandRun run = await _scene.PullAsync(name);

        Assert.NotEqual(0, run.Code);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_scene.Pulled));
    }
}

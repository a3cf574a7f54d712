using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Text.Json;
using System.Text.RegularExpressions;
using Relay.Server.Cli;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Json;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

/// <summary>From a signer outside of the relay, with time stamps, to a node that pins their authority.</summary>
public sealed partial class SignerToNodeTests : IAsyncLifetime
{
    private TestRelay _relay = null!;
    private TimestampServer _authority = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Settings => Path.Combine(_relay.DataFolder, "signer.json");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(await OpenSsl.IsInstalledAsync(), "openssl is not installed.");
        (_relay, _authority) = (await TestRelay.StartAsync(), await TimestampServer.StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await (_authority?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_relay?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task Publish_SignedByACommandAndStamped_NodeAccepts()
    {
        await UseCommandAsync(_authority.AnchorsFile);
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(cancellationToken: Cancel));

        using NodeOfARelay node = new(_relay, SmallModel.Name);
        using (SyncClient client = node.Open())
        {
            Assert.Null((await client.RefreshAsync(Cancel)).Refusal);
            Assert.Equal(1, client.Model(SmallModel.Name).Active.Version);
        }

        Assert.Single(PublishedSigner().UnsignedAttributes.Cast<CryptographicAttributeObject>());
        Assert.False(File.Exists(Path.Combine(_relay.DataFolder, "keys", "cms-signer.pem")));

        // A start without the relay verifies the stored token again.
        await _relay.StopAsync();
        using SyncClient again = node.Open();
        await again.RestoreAsync(Cancel);
        Assert.True(again.Model(SmallModel.Name).IsReady);
    }

    [Fact]
    public async Task Guide_CommandsForOutsiders_AllVerify()
    {
        await UseCommandAsync(_authority.AnchorsFile);
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(cancellationToken: Cancel));
        using TemporaryFolder folder = new();
        Directory.CreateSymbolicLink(folder.Combine("repository"), Path.Combine(_relay.DataFolder, "repository"));
        string guide = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "guides", "verify.md"), Cancel);
        string commands = string.Join('\n', BashBlock().Matches(guide).Select(block => block.Groups[1].Value));
        Assert.Contains("openssl ts -verify", commands, StringComparison.Ordinal);

        CommandRun run = (await CommandRun.TryAsync("bash", ["-euo", "pipefail", "-c", commands], folder.FullPath))!;
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.True(File.Exists(folder.Combine("check/token.der")));

        // The same commands say no where a byte differs.
        Directory.Delete(folder.Combine("check"), recursive: true);
        string spoilt = commands.Replace("\ncd check\n", "\ncd check\nprintf x >> model.onnx\n", StringComparison.Ordinal);
        Assert.NotEqual(0, (await CommandRun.TryAsync("bash", ["-euo", "pipefail", "-c", spoilt], folder.FullPath))!.ExitCode);
    }

    [Fact]
    public async Task Publish_StampedByAnAuthorityThatIsNotPinned_IsRefused()
    {
        await using TimestampServer pinned = await TimestampServer.StartAsync();
        await UseCommandAsync(pinned.AnchorsFile);
        using HttpResponseMessage refused = await TryPublishAsync(await _relay.TrainSmallAsync(cancellationToken: Cancel));
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
    }

    [Fact]
    public async Task Refresh_AuthorityNoLongerPinned_NodeRefuses()
    {
        await UseCommandAsync(_authority.AnchorsFile);
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(cancellationToken: Cancel));
        await using TimestampServer next = await TimestampServer.StartAsync();
        File.Copy(next.AnchorsFile, _authority.AnchorsFile, overwrite: true);
        await _relay.RestartAsync();

        using NodeOfARelay node = new(_relay, SmallModel.Name);
        using SyncClient client = node.Open();
        Assert.Equal(RefusalReason.CmsTimestamp, (await client.RefreshAsync(Cancel)).Refusal?.Reason);
        Assert.False(client.Model(SmallModel.Name).IsReady);
    }

    [Fact]
    public async Task Publish_AuthorityIsDown_NothingIsReleasedAndTheNextTryWorks()
    {
        await UseCommandAsync(_authority.AnchorsFile);
        ModelVersion version = await _relay.TrainSmallAsync(cancellationToken: Cancel);
        _authority.Failures = 3;
        using HttpResponseMessage refused = await TryPublishAsync(version);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);

        ChannelView released = await _relay.PublishAsync("stable", version);
        Assert.Equal(1, released.Release);
        await _relay.PublishAsync("beta", version);
        Assert.Equal(4, _authority.Requests);
    }

    [Fact]
    public async Task Train_CommandFails_RunSaysWhy()
    {
        await UseCommandAsync(_authority.AnchorsFile);
        File.Delete(Path.Combine(_relay.DataFolder, "key.pem"));
        TrainingRun run = await _relay.StartTrainingAsync(SmallModel.Spec(), SmallModel.Data, Cancel);
        run = await _relay.WaitForRunAsync(run.Id, r => r.IsFinished, Cancel);
        Assert.Equal("Signing", run.Problem?.Fault);
    }

    [Fact]
    public async Task Start_SettingsAreWrong_SaysSo()
    {
        await _relay.StopAsync();
        await File.WriteAllTextAsync(Settings, """{ "kind": "hsm" }""", Cancel);
        await Assert.ThrowsAsync<RelayStartException>(_relay.StartAgainAsync);
        File.Delete(Settings);
        await _relay.StartAgainAsync();
    }

    private Task<HttpResponseMessage> TryPublishAsync(ModelVersion version) => _relay.Admin.PostAsJsonAsync(
        Routes.ReleaseOf("stable"), new ReleaseRequest { Models = [version] }, RelayApiJson.Default.ReleaseRequest, Cancel);

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex BashBlock();

    /// <summary>Moves the relay to a signer whose key it does not hold, and takes the one of its own away.</summary>
    private async Task UseCommandAsync(string timestampAnchors)
    {
        await _relay.StopAsync();
        string data = _relay.DataFolder;
        string keys = Path.Combine(data, "keys");
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(Path.Combine(data, "key.pem"), key.ExportPkcs8PrivateKeyPem(), Cancel);
        await File.WriteAllTextAsync(Path.Combine(data, "public.pem"), key.ExportSubjectPublicKeyInfoPem(), Cancel);
        int issued = await CommandLine.RunAsync(
            new("relay") { IssueSignerCommand.Create() },
            [
                "issue-signer", "--root", Path.Combine(keys, "cms-root.pem"), "--root-key", Path.Combine(keys, "cms-root-key.pem"),
                "--public-key", Path.Combine(data, "public.pem"), "--out", Path.Combine(data, "signer.pem"),
            ],
            TextWriter.Null, TextWriter.Null, Cancel);
        Assert.Equal(0, issued);
        File.Delete(Path.Combine(keys, "cms-signer.pem"));
        await File.WriteAllTextAsync(
            Settings,
            JsonSerializer.Serialize(new
            {
                kind = "command",
                certificate = "signer.pem",
                command = (string[])["openssl", "pkeyutl", "-sign", "-inkey", Path.Combine(data, "key.pem")],
                timestampAuthority = _authority.Address,
                timestampAnchors,
            }),
            Cancel);
        await _relay.StartAgainAsync();
    }

    private SignerInfo PublishedSigner()
    {
        string folder = Path.Combine(_relay.DataFolder, "repository", "targets", "models", SmallModel.Name, "1");
        SignedCms cms = new();
        cms.Decode(File.ReadAllBytes(Directory.GetFiles(folder, "*.p7s")[0]));
        return cms.SignerInfos[0];
    }
}

using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Relay.Server.Cli;
using Relay.Server.Tests.Cli;
using Relay.Server.Tests.Signing;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts.Nodes;

namespace Relay.Server.Tests.History;

/// <summary>The evidence of the history verifies without the relay, and each alteration of it is named.</summary>
public sealed class HistoryEvidenceTests(HistoryScene scene) : IClassFixture<HistoryScene>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task HistoryAndVerify_OneTime_PrintsTheAnswerAndEveryStepHolds()
    {
        string evidence = await ExportAsync();
        string key = _folder.Combine("key.pem");
        await File.WriteAllTextAsync(key, scene.NodeKey.Key.ExportSubjectPublicKeyInfoPem(), TestContext.Current.CancellationToken);

        RelayCommandRun verified = await RelayCommandRun.RunAsync("verify-history", evidence, "--root", scene.Relay.TrustedRoot, "--node-key", key);
        RelayCommandRun list = await RunAsync("history", scene.Node);

        Assert.Equal((0, "verified"), (verified.Code, verified.Output.Trim().Split('\n')[^1].Trim()));
        foreach (string step in (string[])["before: signature", "before: timestamp: version", "before: channel stable", "before: CMS small 2",
            "after: signature", "standing: Ran"])
        {
            Assert.Contains(step, verified.Output, StringComparison.Ordinal);
        }

        Assert.Equal(0, list.Code);
        Assert.Contains("no report", list.Output, StringComparison.Ordinal);
        Assert.Contains("release 2 of channel stable (small 2)", list.Output, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Attack", "altered-history")]
    [InlineData("before/check-in.json", "\"release\":2", "\"release\":1", "before: text")]
    [InlineData("before/check-in.json", "\"models\":[", "\"models\":[null,", "before: check-in")]
    [InlineData("before/check-in.json", "{", "", "before: check-in")]
    [InlineData("before/request.json", "tag=", "tab=", "before: check-in")]
    [InlineData("before/request.json", "+00:00", "+03:00", "before: time")]
    [InlineData("before/request.json", "relay=:", "relay=:AAAA", "before: check-in")]
    [InlineData("answer.json", "\"version\":2", "\"version\":1", "before: answer")]
    [InlineData("metadata/*.timestamp.json", "\"version\":", "\"version\":1", "before: metadata")]
    [InlineData("metadata/*.snapshot.json", "\"version\":", "\"version\":1", "before: metadata")]
    [InlineData("metadata/1.root.json", "\"threshold\":", "\"threshold\":1", "before: metadata")]
    [InlineData("targets/channels/*.stable.json", "2", "1", "before: channels/stable.json")]
    [InlineData("targets/releases/*.2.json", "2", "1", "before: releases/2.json")]
    [InlineData("targets/trust/*.policy.json", "0", "1", "before: trust/policy.json")]
    [InlineData("targets/models/small/2/*.p7s", null, null, "before: models/small/2/model.onnx.p7s")]
    [InlineData("targets/models/small/2/*.onnx", null, null, "before: models/small/2/model.onnx")]
    public async Task Verify_OneFileAltered_NamesIt(string file, string? from, string? to, string expected)
    {
        string evidence = await ExportAsync();
        foreach (string path in Directory.GetFiles(Path.Combine(evidence, Path.GetDirectoryName(file)!), Path.GetFileName(file)))
        {
            byte[] bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            if (from is null)
            {
                bytes[^1] ^= 1;
            }
            else
            {
                bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace(from, to, StringComparison.Ordinal));
            }

            await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        }

        RelayCommandRun run = await RelayCommandRun.RunAsync("verify-history", evidence);

        Assert.Equal(1, run.Code);
        Assert.Contains($"FAILS  {expected}", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Attack", "altered-history")]
    public async Task Verify_DocumentMissingOrAnotherRootOrKey_Fails()
    {
        string evidence = await ExportAsync();
        using TestRepository other = await TestRepository.CreateAsync();
        await File.WriteAllBytesAsync(_folder.Combine("root.json"), other.FirstRoot, TestContext.Current.CancellationToken);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(_folder.Combine("other.pem"), key.ExportSubjectPublicKeyInfoPem(), TestContext.Current.CancellationToken);

        RelayCommandRun root = await RelayCommandRun.RunAsync("verify-history", evidence, "--root", _folder.Combine("root.json"));
        RelayCommandRun pinned = await RelayCommandRun.RunAsync("verify-history", evidence, "--node-key", _folder.Combine("other.pem"));
        File.Delete(Directory.GetFiles(Path.Combine(evidence, "targets", "trust"), "*.policy.json").Single());
        RelayCommandRun missing = await RelayCommandRun.RunAsync("verify-history", evidence);

        Assert.Equal((1, 1, 1), (root.Code, pinned.Code, missing.Code));
        Assert.Contains("FAILS  before: metadata", root.Output, StringComparison.Ordinal);
        Assert.Contains("FAILS  before: key", pinned.Output, StringComparison.Ordinal);
        Assert.Contains("FAILS  before: trust/policy.json: it is not here", missing.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evidence_StockOpenSsl_VerifiesReportAndArtifact()
    {
        await SignerScene.RequireOpenSslAsync();
        string evidence = await ExportAsync();
        string report = Path.Combine(evidence, "before");
        string model = Path.Combine(evidence, "targets", "models", "small", "2");

        CommandRun signature =
            await OpenSsl.RunAsync(report, "dgst", "-sha256", "-verify", "node-key.pem", "-signature", "signature.der", "signature-base.txt");
        string? artifact = await OpenSsl.VerifyCmsAsync(
            Directory.GetFiles(model, "*.p7s").Single(), Directory.GetFiles(model, "*.onnx").Single(),
            Directory.GetFiles(Path.Combine(evidence, "targets", "trust"), "*.anchors.pem").Single(), scene.Clock.GetUtcNow());

        Assert.Equal((0, null), (signature.ExitCode, artifact));
        string signed = await File.ReadAllTextAsync(Path.Combine(report, "signature-base.txt"), TestContext.Current.CancellationToken);
        Assert.Contains(
            ContentDigest.Create(await File.ReadAllBytesAsync(Path.Combine(report, "check-in.json"), TestContext.Current.CancellationToken)),
            signed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_WithoutArtifactsOrTime_SaysWhatIsMissing()
    {
        string evidence = await ExportAsync("--without-artifacts");

        RelayCommandRun verified = await RelayCommandRun.RunAsync("verify-history", evidence);
        RelayCommandRun noTime = await RunAsync("history", scene.Node, "--out", _folder.Combine("x"));
        RelayCommandRun again = await RunAsync("history", scene.Node, "--at", At(), "--out", evidence);
        RelayCommandRun noInstant = await RunAsync("history", scene.Node, "--at", "yesterday");

        Assert.Equal((1, 1, 1, 1), (verified.Code, noTime.Code, again.Code, noInstant.Code));
        Assert.Contains("FAILS  before: models/small/2/model.onnx: it is not here", verified.Output, StringComparison.Ordinal);
        Assert.Contains("--at", noTime.Error, StringComparison.Ordinal);
        Assert.Contains("has files already", again.Error, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Attack", "forged-evidence")]
    [InlineData("../outside.txt")]
    [InlineData("a/../../outside.txt")]
    [InlineData("/tmp/outside-of-evidence.txt")]
    [InlineData("sound.txt")]
    public async Task Extract_NameThatLeadsOutOfTheFolderOrIsThereTwice_WritesNothing(string name)
    {
        using MemoryStream tar = new();
        await using (TarWriter writer = new(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            await writer.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, "sound.txt") { DataStream = new MemoryStream([1]) }, TestContext.Current.CancellationToken);
            await writer.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream([1]) }, TestContext.Current.CancellationToken);
        }

        tar.Position = 0;
        await Assert.ThrowsAsync<InvalidDataException>(
            () => new EvidenceExtractor(_folder.Combine("new")).ExtractAsync(tar, TestContext.Current.CancellationToken));

        Assert.False(File.Exists(_folder.Combine("outside.txt")) || File.Exists("/tmp/outside-of-evidence.txt"));
        Assert.DoesNotContain("new", Directory.EnumerateFileSystemEntries(_folder.FullPath).Select(entry => Path.GetFileName(entry)![..3]));
    }

    public void Dispose() => _folder.Dispose();

    private string At() => $"{scene.Reported[2].UtcDateTime.AddMinutes(1):yyyy-MM-ddTHH:mm:ss.fff}Z";

    private async Task<string> ExportAsync(params string[] more)
    {
        string evidence = _folder.Combine("evidence");
        RelayCommandRun run = await RunAsync(["history", scene.Node, "--at", At(), "--out", evidence, .. more]);
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("Candidate", run.Output, StringComparison.Ordinal);
        return evidence;
    }

    private Task<RelayCommandRun> RunAsync(params string[] arguments) => RelayCommandRun.OnAsync(scene.Relay, arguments);
}

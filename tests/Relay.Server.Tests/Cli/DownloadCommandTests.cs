using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Relay.Server.Cli;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Cli;

public sealed class DownloadCommandTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    private static readonly string[] Stored =
        ["SHA256SUMS", "anchors.pem", "bom.cdx.json", "card.html", "card.json", "card.md", "golden-vectors.json", "model.onnx", "model.onnx.p7s"];

    private static readonly string[] Statements = ["model.sig", "provenance.dsse.json", "test-result.dsse.json"];

    [Fact]
    public async Task Download_PublishedVersion_HasAllEvidenceAndOpenSslVerifiesIt()
    {
        using TemporaryFolder folder = new();
        ModelVersion version = await PublishedAsync();
        Directory.CreateDirectory(folder.Combine("empty"));

        RelayCommandRun run = await DownloadAsync($"{version.Name}@{version.Version}", folder.Combine("empty"), "--root", fixture.Relay.TrustedRoot);

        Assert.True(run.Code == 0, run.Error);
        Assert.Equal([.. Stored.Concat(Statements).Order(StringComparer.Ordinal)], Names(folder.Combine("empty")));
        Assert.Equal(["empty"], Directory.EnumerateFileSystemEntries(folder.Combine(".")).Select(Path.GetFileName));
        AssertDigests(folder.Combine("empty"));
        Assert.Contains("signed metadata; the signature, by anchors.pem.\nNot verified: the card", run.Output, StringComparison.Ordinal);
        Assert.Contains("anchors.pem is the one that your root.json leads to", run.Output, StringComparison.Ordinal);
        foreach (string line in run.Output.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal)))
        {
            if (await CommandRun.TryAsync("sh", ["-c", $"cd {folder.Combine("empty")} && {line.Trim()}"]) is { } shell)
            {
                Assert.True(shell.ExitCode == 0, $"{line}: {shell.Errors}");
            }
        }

        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(folder.Combine("empty/golden-vectors.json")));
        Assert.NotEqual(0, golden.RootElement.GetProperty("outputBits").GetArrayLength());
    }

    [Fact]
    public async Task Download_UnpublishedVersion_HasModelAndSignatureAndSaysSo()
    {
        using TemporaryFolder folder = new();
        ModelVersion version = await fixture.Relay.TrainSmallAsync(trees: 2);

        RelayCommandRun run = await DownloadAsync($"{version.Name}@{version.Version}", folder.Combine("new/sub"));

        Assert.True(run.Code == 0, run.Error);
        Assert.Equal(Stored, Names(folder.Combine("new/sub")));
        Assert.Contains("Verified: the SHA-256 of the model, by its card; its signature, by anchors.pem.", run.Output, StringComparison.Ordinal);
        Assert.Contains("The version is not published", run.Output, StringComparison.Ordinal);
        Assert.Contains("anchors.pem came from the relay itself.", run.Output, StringComparison.Ordinal);
        AssertDigests(folder.Combine("new/sub"));
    }

    [Fact]
    public async Task Download_FolderWithFiles_IsRefusedAndLeftAlone()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("mine.txt"), "mine");

        RelayCommandRun files = await DownloadAsync("small@1", folder.Combine("."));
        RelayCommandRun file = await DownloadAsync("small@1", folder.Combine("mine.txt"));

        Assert.Equal((CommandLine.Failed, CommandLine.Failed), (files.Code, file.Code));
        Assert.Contains("has files already", files.Error, StringComparison.Ordinal);
        Assert.Equal(["mine.txt"], Names(folder.Combine(".")));
    }

    [Fact]
    public async Task Download_UnknownVersion_FailsAndLeavesNothing()
    {
        using TemporaryFolder folder = new();
        await PublishedAsync();

        RelayCommandRun run = await DownloadAsync("small@9999", folder.Combine("none"));

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Combine(".")));
    }

    [Theory]
    [Trait("Attack", "downloaded-version")]
    [InlineData("model.onnx.p7s", "signature_sha256", "signature of model.onnx does not verify")]
    [InlineData("model.onnx", "sha256", "has SHA-256")]
    public async Task Download_FileThatTheRelayExchanged_FailsAndLeavesNothing(string name, string column, string reason)
    {
        using TemporaryFolder folder = new();
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion version = await relay.TrainSmallAsync(trees: 2);
        Page<VersionFileView> files = await FilesAsync(relay, version);
        VersionFileView exchanged = files.Items.Single(file => file.Name == name);
        byte[] other = File.ReadAllBytes(Path.Combine(relay.DataFolder, "artifacts", exchanged.Sha256));
        other[^1] ^= 1;
        string digest = Convert.ToHexStringLower(SHA256.HashData(other));
        File.WriteAllBytes(Path.Combine(relay.DataFolder, "artifacts", digest), other);
        using (System.Data.Common.DbConnection connection = relay.OpenDatabase())
        {
            Dapper.SqlMapper.Execute(connection, $"UPDATE model_versions SET {column} = @digest", new { digest });
        }

        RelayCommandRun run = await DownloadAsync("small@1", folder.Combine("none"), relay);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Combine(".")));
    }

    [Fact]
    public async Task Download_RootOfAnotherRelay_Fails()
    {
        using TemporaryFolder folder = new();
        await PublishedAsync();
        await using TestRelay other = await TestRelay.StartAsync();

        RelayCommandRun run = await DownloadAsync("small@1", folder.Combine("none"), "--root", other.TrustedRoot);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Combine(".")));
    }

    [Fact]
    public async Task Download_RevokedVersion_Warns()
    {
        using TemporaryFolder folder = new();
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion version = await relay.TrainSmallAsync(trees: 2);
        await relay.PublishAsync("stable", version);
        (await relay.Admin.PostAsync(Routes.RevokeOf(version.Name, version.Version), null)).EnsureSuccessStatusCode();

        RelayCommandRun run = await DownloadAsync("small", folder.Combine("revoked"), relay);

        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("WARNING: small 1 is revoked", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.onn")]
    [InlineData("..%2fmodel.onnx")]
    [InlineData("%2e%2e%2f%2e%2e%2frelay.db")]
    public async Task File_NameThatTheVersionLacks_IsUnknown(string name)
    {
        ModelVersion version = await PublishedAsync();

        using HttpResponseMessage response = await fixture.Relay.Admin.GetAsync($"{Routes.FilesOf(version.Name, version.Version)}/{name}");

        Assert.Equal("unknown-file", await response.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Files_PublishedOrNot_AreThoseOfTheirDigests()
    {
        ModelVersion published = await PublishedAsync();
        ModelVersion stored = await fixture.Relay.TrainSmallAsync(trees: 2);
        foreach (ModelVersion version in (ModelVersion[])[published, stored])
        {
            Page<VersionFileView> files = await FilesAsync(fixture.Relay, version);
            Assert.Equal(version == stored ? 2 : 5, files.Items.Count);
            foreach (VersionFileView file in files.Items)
            {
                byte[] content = await fixture.Relay.Admin.GetByteArrayAsync($"{Routes.FilesOf(version.Name, version.Version)}/{file.Name}");
                Assert.Equal((file.Length, file.Sha256), (content.Length, Convert.ToHexStringLower(SHA256.HashData(content))));
            }
        }
    }

    private static async Task<Page<VersionFileView>> FilesAsync(TestRelay relay, ModelVersion version) => JsonSerializer.Deserialize(
        await relay.Admin.GetStringAsync(Routes.FilesOf(version.Name, version.Version)), RelayApiJson.Default.PageVersionFileView)!;

    private async Task<ModelVersion> PublishedAsync()
    {
        ModelVersion version = await fixture.Relay.TrainSmallAsync(trees: 2);
        await fixture.Relay.PublishAsync("stable", version);
        return version;
    }

    private Task<RelayCommandRun> DownloadAsync(string version, string folder, params string[] options) =>
        DownloadAsync(version, folder, fixture.Relay, options);

    private static Task<RelayCommandRun> DownloadAsync(string version, string folder, TestRelay relay, params string[] options) =>
        RelayCommandRun.OnAsync(relay, ["download", version, folder, .. options]);

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    private static void AssertDigests(string folder)
    {
        string[] lines = File.ReadAllLines(Path.Combine(folder, "SHA256SUMS"));
        Assert.Equal(Names(folder).Length - 1, lines.Length);
        Assert.All(lines, line => Assert.Equal(
            line[..64], Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, line[66..]))))));
    }
}

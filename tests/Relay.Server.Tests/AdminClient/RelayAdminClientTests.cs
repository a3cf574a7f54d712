using System.Net;
using Relay.AdminClient;
using Relay.AdminClient.Operations;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.AdminClient;

/// <summary>The client against a relay.</summary>
public sealed class RelayAdminClientTests : IAsyncLifetime
{
    private TestRelay _relay = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        await _relay.TrainSmallAsync(trees: 2);
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    /// <summary>The lines of the README's example, but for the names of the relay, its model and its files.</summary>
    [Fact]
    public async Task Example_OfTheReadme_Works()
    {
        using RelayAdminClient relay = Connect();
        TrainingRun run = await relay.TrainingRuns.StartAsync(new TrainingRunRequest("small", SmallModel.Data) { Accept = TestRelay.AnyIncumbent });
        await foreach (TrainingRun progress in relay.TrainingRuns.FollowAsync(run.Id))
        {
            run = progress;
        }

        await relay.Tags.SetOfVersionAsync("small", run.Version!.Value, "stage", new TagRequest("trial"));
        (ChannelView? done, PendingNotice? waits) = await relay.Channels.ReleaseAsync(
            "beta", new ReleaseRequest { Models = [new ModelVersion("small", run.Version.Value)], NewChannel = true });

        Assert.Equal((TrainingRunState.Succeeded, 2, 1), (run.State, run.Version, done?.Release));
        Assert.Null(waits);
        string[] lines = await File.ReadAllLinesAsync(RepositoryRoot.Combine("Relay.AdminClient", "README.md"), Cancel);
        string test = await File.ReadAllTextAsync(
            RepositoryRoot.Combine("tests", "Relay.Server.Tests", "AdminClient", "RelayAdminClientTests.cs"), Cancel);
        IEnumerable<string> example = lines.SkipWhile(line => line != "```csharp").Skip(1).TakeWhile(line => line != "```");
        Assert.All(
            example.Where(line => line.StartsWith("await", StringComparison.Ordinal) || line.Contains("relay.Channels", StringComparison.Ordinal)),
            line => Assert.Contains(line.Replace("\"fraud\"", "\"small\"", StringComparison.Ordinal), test, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lists_WithAQuery_AreReadOverTheirPages()
    {
        using RelayAdminClient relay = Connect();
        for (int i = 0; i < 60; i++)
        {
            await relay.Aliases.SetAsync("small", $"a{i}", new AliasRequest(1));
        }

        List<AliasView> all = await relay.Aliases.ListAsync("small", new AliasQuery { Version = 1 }).ToListAsync();
        List<VersionView> published = await relay.Versions.ListAsync("small", new VersionQuery { State = VersionView.Published }).ToListAsync();

        Assert.Equal(60, all.Select(alias => alias.Alias).Distinct().Count());
        Assert.Empty(published);
    }

    [Fact]
    public async Task Refusal_IsAnExceptionWithItsTypeAndErrors()
    {
        using RelayAdminClient relay = Connect();

        RelayException unknown = await Assert.ThrowsAsync<RelayException>(() => relay.Models.FindAsync("unknown"));
        RelayException invalid = await Assert.ThrowsAsync<RelayException>(
            () => relay.Aliases.SetAsync("small", "latest", new AliasRequest(1)));
        using RelayAdminClient stranger = Connect("relay_x_y");
        RelayException refused = await Assert.ThrowsAsync<RelayException>(() => stranger.Status.ReadTrustAsync());

        Assert.Equal((HttpStatusCode.NotFound, "urn:relay:problem:unknown-model"), (unknown.Status, unknown.Type));
        Assert.Equal("$.alias", Assert.Single(invalid.Errors).Key);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.DoesNotContain("relay_x_y", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Downloads_AndTexts_AreThoseOfTheRelay()
    {
        using RelayAdminClient relay = Connect();
        using MemoryStream file = new();
        await relay.Versions.DownloadFileAsync("small", 1, "model.onnx", file);
        VersionDetail version = await relay.Versions.FindAsync("small", 1);

        Assert.Equal(version.Version.SizeBytes, file.Length);
        Assert.StartsWith("# Model card", await relay.Versions.ReadCardMarkdownAsync("small", 1), StringComparison.Ordinal);
        Assert.NotEmpty((await relay.Status.ReadReadinessAsync()).Status);
        Assert.Contains("# TYPE", await relay.Status.ReadMetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void Connect_AddressOrAuthorityThatIsNone_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new RelayAdminClient(new RelayAdminOptions { Address = new Uri("http://relay.example.com") }));
        Assert.Throws<RelayException>(() => new RelayAdminClient(new RelayAdminOptions
        {
            Address = new Uri("https://relay.example.com"),
            CertificateAuthorityPem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        }));
    }

    private RelayAdminClient Connect(string? key = null) => new(new RelayAdminOptions
    {
        Address = _relay.Address,
        ApiKey = key ?? _relay.AdminKey,
        CertificateAuthorityPem = File.ReadAllText(_relay.CertificateAuthority),
    });
}

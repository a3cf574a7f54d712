using Relay.Server.Hosting;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Replicas;

/// <summary>A process beside a relay works in that relay's folder only: in another one it would sign by keys that no node knows.</summary>
public sealed class JoinTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public JoinTests() => Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task JoinAsync_FolderOfTheRelay_IsOpenedBesideIt()
    {
        RelayOptions options = Options("data");
        using RelayFolder relay = await RelayFolder.OpenAsync(options, CancellationToken.None);

        using RelayFolder joined = await RelayFolder.JoinAsync(options, CancellationToken.None);

        Assert.Equal(relay.Repository.Read().Channels.Count, joined.Repository.Read().Channels.Count);
        Assert.NotEqual(relay.Paths.Uploads, joined.Paths.Uploads);
    }

    [Fact]
    public async Task JoinAsync_NewFolder_IsRefusedAndNothingIsCreated()
    {
        RelayOptions options = Options("data");
        using RelayFolder relay = await RelayFolder.OpenAsync(options, CancellationToken.None);

        RelayStartException refused = await Assert.ThrowsAsync<RelayStartException>(
            () => RelayFolder.JoinAsync(Options("other", options.Server), CancellationToken.None));

        Assert.Contains("--data", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Combine("other")));
    }

    [Fact]
    public async Task JoinAsync_FolderOfAnotherRelay_IsRefused()
    {
        RelayOptions options = Options("data");
        using RelayFolder relay = await RelayFolder.OpenAsync(options, CancellationToken.None);
        using RelayFolder other = await RelayFolder.OpenAsync(Options("other"), CancellationToken.None);

        RelayStartException refused = await Assert.ThrowsAsync<RelayStartException>(
            () => RelayFolder.JoinAsync(Options("other", options.Server), CancellationToken.None));

        Assert.Contains("is that of another relay", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Combine("other/workers")));
    }

    private RelayOptions Options(string folder, string? server = null) => new()
    {
        DataFolder = _folder.Combine(folder),
        Server = server ?? PostgresServer.Shared.CreateDatabase(),
        ShowAdminKey = _ => { },
        ShowNotice = _ => { },
    };
}

using Relay.Server.Hosting;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Hosting;

/// <summary>The start with <c>--start-anew</c> goes on without what is lost, once, and deletes nothing.</summary>
public sealed class StartAnewTests(StoppedRelay stopped) : IDisposable
{
    private readonly StoppedRelayCopy _relay = new(stopped);

    public void Dispose() => _relay.Dispose();

    [Fact]
    public async Task OpenAnew_DatabaseMissing_KeepsArtifactsAndNeverGivesAPublishedVersionAgain()
    {
        _relay.Delete("relay.db");
        string[] artifacts = Directory.GetFiles(Path.Combine(_relay.Data, "artifacts"));

        using RelayFolder folder = await _relay.OpenAsync(_relay.Data, startAnew: true);

        Assert.Equal(artifacts, Directory.GetFiles(Path.Combine(_relay.Data, "artifacts")));
        Assert.Single(_relay.AdminKeys);
        Assert.Equal(1, new RepositoryCache(folder.Repository, folder.Paths).HighestVersionOf(SmallModel.Name));
        Assert.Equal(1, new VersionStore(folder.Database).NextVersion(SmallModel.Name));
    }

    [Fact]
    [Trait("Attack", "samples-remains")]
    public async Task OpenAnew_DatabaseMissing_SetsTheFilesOfDatasetsAside()
    {
        File.WriteAllText(Path.Combine(_relay.Data, "samples", "0123.db"), "what people did");
        _relay.Delete("relay.db");

        using RelayFolder folder = await _relay.OpenAsync(_relay.Data, startAnew: true);

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Paths.Samples));
        Assert.Single(Directory.GetFiles(folder.Paths.SetAside, "0123.db", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task OpenAnew_RepositoryMissing_NodesOfTheLostOneCanFollow()
    {
        using RelayFolder before = await _relay.OpenAsync(_relay.Data);
        RepositorySnapshot lost = before.Repository.Read();
        before.Dispose();
        _relay.Delete("repository/metadata/timestamp.json");

        using RelayFolder folder = await _relay.OpenAsync(_relay.Data, startAnew: true);

        RepositorySnapshot anew = folder.Repository.Read();
        Assert.Empty(anew.Releases);
        Assert.All(
            RoleStatus.FromSnapshot(lost).Where(role => role.Role != RoleNames.Root),
            role => Assert.True(role.Version < RoleStatus.FromSnapshot(anew).Single(found => found.Role == role.Role).Version));
        Assert.Single(Directory.GetFiles(folder.Paths.SetAside, "1.root.json", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task OpenAnew_RepositoryIsAnOlderCopy_SignsAllRolesAboveTheLostOnes()
    {
        ManifestStore manifests = new(new DataFolder(_relay.Data));
        RelayManifest known = manifests.Read()!;
        manifests.Write(known with
        {
            Sequence = known.Sequence + 1,
            Versions = known.Versions.ToDictionary(role => role.Key, role => role.Value + (role.Key == RoleNames.Root ? 0 : 5)),
        });

        using RelayFolder folder = await _relay.OpenAsync(_relay.Data, startAnew: true);

        Assert.All(
            RoleStatus.FromSnapshot(folder.Repository.Read()).Where(role => role.Role != RoleNames.Root),
            role => Assert.True(role.Version > known.Versions[role.Role] + 5, role.Role));
    }

    [Fact]
    public async Task OpenAnew_KeysMissing_SetsTheOldRepositoryAside()
    {
        _relay.Delete("keys");

        using RelayFolder folder = await _relay.OpenAsync(_relay.Data, startAnew: true);

        Assert.True(folder.Keys.HoldsRoot);
        Assert.Single(Directory.GetFiles(folder.Paths.SetAside, "timestamp.json", SearchOption.AllDirectories));
        folder.Dispose();
        (await _relay.OpenAsync(_relay.Data)).Dispose();
    }

    [Fact]
    public async Task OpenAnew_RepositoryMissingAndRootOffline_IsRefusedAndChangesNothing()
    {
        foreach (string root in Directory.GetFiles(Path.Combine(_relay.Data, "keys"), "root-*.pem"))
        {
            File.Delete(root);
        }

        _relay.Delete("repository/metadata/timestamp.json");
        Dictionary<string, byte[]> before = _relay.Files();

        await Assert.ThrowsAsync<RelayStartException>(() => _relay.OpenAsync(_relay.Data, startAnew: true));

        _relay.AssertSame(before);
    }

    [Fact]
    public async Task OpenAnew_ArtifactMissing_IsAskedOnlyOnce()
    {
        File.Delete(Directory.GetFiles(Path.Combine(_relay.Data, "artifacts"))[0]);

        (await _relay.OpenAsync(_relay.Data, startAnew: true)).Dispose();
        (await _relay.OpenAsync(_relay.Data)).Dispose();

        File.Delete(Directory.GetFiles(Path.Combine(_relay.Data, "artifacts"))[0]);
        await _relay.AssertRefusedAsync("artifacts");
    }

    [Fact]
    public async Task OpenAnew_NothingMissing_IsRefusedSinceItWouldHideTheNextLoss() =>
        await Assert.ThrowsAsync<RelayStartException>(() => _relay.OpenAsync(_relay.Data, startAnew: true));

    [Fact]
    public async Task OpenAnew_NewFolder_Opens() => (await _relay.OpenAsync(_relay.Folder.Combine("new"), startAnew: true)).Dispose();

    [Fact]
    public async Task OpenAnew_EveryPartMissingInTurn_StartsAgainWithoutTheOption()
    {
        foreach (string part in new[] { "relay.db", "keys", "repository", "repository/targets" })
        {
            _relay.Delete(part);
            (await _relay.OpenAsync(_relay.Data, startAnew: true)).Dispose();
            (await _relay.OpenAsync(_relay.Data)).Dispose();
        }
    }
}

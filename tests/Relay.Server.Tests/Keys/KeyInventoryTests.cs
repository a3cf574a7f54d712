using Relay.Server.Keys;
using Relay.Server.Monitoring;
using Relay.Server.Repository;
using Relay.TestKit;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Keys;

public sealed class KeyInventoryTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();
    private IReadOnlyList<RoleStatus> _roles = [];

    private string Keys => _folder.Combine("keys");

    public async ValueTask InitializeAsync()
    {
        using SigningKeys keys = (await KeyStore.OpenAsync(Keys, _clock, CancellationToken.None)).Keys;
        TufRepository repository = new(_folder.Combine("repository"), keys, _clock);
        await new RepositoryInitializer(repository).RunAsync(CancellationToken.None);
        _roles = RoleStatus.FromSnapshot(repository.Read());
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Read_FolderOfTheEmbeddedDefault_HoldsEveryRolesKeys()
    {
        KeyInventory held = KeyInventory.Read(Keys);

        Assert.Equal(5, _roles.Count);
        Assert.All(_roles, role => Assert.All(role.Keys.KeyIds, id => Assert.True(held.Holds(id))));
        Assert.Equal("cms-root-key.pem", held.CmsRootKey);
        Assert.Empty(held.Unreadable);
        Assert.Equal(3, Warnings().Count);
    }

    [Fact]
    public void Read_RootAndTargetsKeysElsewhere_AreOffline()
    {
        foreach (string file in (string[])["root-1.pem", "root-2.pem", "root-3.pem", "targets.pem", "cms-root-key.pem"])
        {
            File.Delete(Path.Combine(Keys, file));
        }

        KeyInventory held = KeyInventory.Read(Keys);

        Assert.Equal(
            [RoleNames.Channels, RoleNames.Snapshot, RoleNames.Timestamp],
            _roles.Where(role => role.Keys.KeyIds.Any(held.Holds)).Select(role => role.Role));
        Assert.Empty(Warnings());
    }

    [Theory]
    [InlineData("snapshot.pem")]
    [InlineData("timestamp.pem")]
    [InlineData("channels.pem")]
    public void Of_OnlineKeyMissing_Warns(string file)
    {
        int before = Warnings().Count;
        File.Delete(Path.Combine(Keys, file));

        Assert.Equal(before + 1, Warnings().Count);
    }

    [Fact]
    public void Read_KeyThatCannotBeRead_CountsAsOfflineAndIsNamed()
    {
        File.WriteAllText(
            Path.Combine(Keys, "root-1.pem"), "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");

        KeyInventory held = KeyInventory.Read(Keys);

        Assert.Equal(["root-1.pem"], held.Unreadable);
        Assert.Equal(2, _roles[0].Keys.KeyIds.Count(held.Holds));
    }

    [Fact]
    public void Of_RootAboutToExpire_Warns()
    {
        int before = Warnings().Count;
        _clock.Advance(TimeSpan.FromDays(340));

        // All of the others have expired by then.
        Assert.Equal(before + 5, Warnings().Count);
    }

    private IReadOnlyList<string> Warnings() => KeyWarnings.Find(_roles, KeyInventory.Read(Keys), _clock.GetUtcNow());
}

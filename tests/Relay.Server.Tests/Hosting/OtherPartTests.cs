using Relay.Server.Hosting;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Repository.Publishing;
using Relay.Server.Storage;
using Relay.TestKit;

namespace Relay.Server.Tests.Hosting;

/// <summary>A relay that finds a part of another relay, or an older copy, stops; a folder of an older version goes on.</summary>
public sealed class OtherPartTests(StoppedRelay stopped) : IDisposable
{
    private readonly StoppedRelayCopy _relay = new(stopped);

    public void Dispose() => _relay.Dispose();

    [Fact]
    public async Task Open_DatabaseOfAnotherRelay_IsRefused()
    {
        _relay.Execute("PRAGMA application_id = 7");

        await _relay.AssertRefusedAsync("another relay");
    }

    [Fact]
    public async Task Open_RepositoryOfAnotherRelay_IsRefused()
    {
        using RelayFolder other = await _relay.OpenAsync(_relay.Folder.Combine("other"));
        TemporaryFolder.Mirror(_relay.Folder.Combine("other/repository"), Path.Combine(_relay.Data, "repository"));

        await _relay.AssertRefusedAsync("another relay");
    }

    [Fact]
    public async Task Open_KeysOfAnotherRelay_AreRefusedBeforeTheTimestampExpires()
    {
        using RelayFolder other = await _relay.OpenAsync(_relay.Folder.Combine("other"));
        TemporaryFolder.Mirror(_relay.Folder.Combine("other/keys"), Path.Combine(_relay.Data, "keys"));
        File.Copy(Path.Combine(_relay.Data, "relay.json"), Path.Combine(_relay.Data, "keys", "relay.json"), overwrite: true);

        await _relay.AssertRefusedAsync("keys");
    }

    [Fact]
    public async Task Open_OlderCopyOfTheRepository_IsRefused()
    {
        string older = _relay.Folder.Combine("older");
        TemporaryFolder.CopyInto(Path.Combine(_relay.Data, "repository"), older);
        using (RelayFolder folder = await _relay.OpenAsync(_relay.Data))
        {
            await new PolicyPublisher(folder.Repository).RevokeAsync([new string('a', 64)], CancellationToken.None);
            folder.Remember();
        }

        TemporaryFolder.Mirror(older, Path.Combine(_relay.Data, "repository"));

        await _relay.AssertRefusedAsync("older copy");
    }

    [Fact]
    public async Task Open_OlderCopyOfTheDatabase_IsRefused()
    {
        _relay.Execute("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'training_runs'");

        await _relay.AssertRefusedAsync("older copy");
    }

    [Fact]
    public async Task Open_FolderOfAnOlderRelay_GoesOnAndIsRemembered()
    {
        _relay.ForgetManifest();

        using (RelayFolder folder = await _relay.OpenAsync(_relay.Data))
        {
            Assert.Single(folder.Repository.Read().Releases);
        }

        Assert.Empty(_relay.AdminKeys);
        Assert.Contains(RelayPart.Database, new ManifestStore(new DataFolder(_relay.Data)).Read()!.Parts);
        _relay.Delete("relay.db");
        await _relay.AssertRefusedAsync("relay.db");
    }

    [Fact]
    public async Task Open_ManifestDamagedInOnePlace_IsMendedFromAnother()
    {
        string copy = Path.Combine(_relay.Data, "relay.json");
        byte[] whole = File.ReadAllBytes(copy);
        File.WriteAllBytes(copy, whole[..20]);

        using RelayFolder folder = await _relay.OpenAsync(_relay.Data);

        Assert.Equal(whole, File.ReadAllBytes(copy));
    }
}

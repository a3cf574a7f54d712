using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Hosting;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Hosting;

/// <summary>A relay that finds less than it had stops, names what is missing, and changes nothing.</summary>
public sealed class LostPartTests : IClassFixture<StoppedRelay>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _adminKeys = [];

    public LostPartTests(StoppedRelay stopped) => TemporaryFolder.CopyInto(stopped.DataFolder, Data);

    private string Data => _folder.Combine("data");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("relay.db", "relay.db")]
    [InlineData("keys", "keys")]
    [InlineData("repository", "timestamp.json")]
    [InlineData("repository/metadata", "timestamp.json")]
    [InlineData("repository/metadata/timestamp.json", "timestamp.json")]
    [InlineData("repository/targets", "repository")]
    [InlineData("tls/ca.key", "tls/ca.key")]
    [InlineData("artifacts", "artifacts")]
    public async Task Open_PartMissing_IsRefusedByNameAndChangesNothing(string part, string named)
    {
        Delete(part);

        await AssertRefusedAsync(named);
    }

    [Theory]
    [InlineData("relay.db", "relay.db")]
    [InlineData("keys", "keys")]
    [InlineData("repository", "timestamp.json")]
    [InlineData("repository/metadata/timestamp.json", "timestamp.json")]
    [InlineData("tls/ca.key", "tls/ca.key")]
    [InlineData("artifacts", "artifacts")]
    public async Task Open_PartMissingInAFolderWithoutManifest_IsRefusedToo(string part, string named)
    {
        ForgetManifest();
        Delete(part);

        await AssertRefusedAsync(named);
    }

    [Theory]
    [InlineData("relay.db", "keys")]
    [InlineData("relay.db", "repository", "trust")]
    [InlineData("keys", "repository", "trust")]
    [InlineData("relay.db", "keys", "trust", "tls", "artifacts")]
    [InlineData("relay.db", "repository", "trust", "tls", "artifacts", "relay.json")]
    [InlineData("keys", "repository", "trust", "tls", "artifacts", "relay.json")]
    public async Task Open_SeveralPartsMissing_TheRestStillRemembersThem(params string[] parts)
    {
        Array.ForEach(parts, Delete);

        await AssertRefusedAsync(parts[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Open_DatabaseEmpty_IsRefused(int kind)
    {
        Delete("relay.db");
        if (kind == 0)
        {
            File.WriteAllBytes(Path.Combine(Data, "relay.db"), []);
        }
        else
        {
            RelayDatabase.Create(new DataFolder(Data)).Dispose();
        }

        await AssertRefusedAsync("relay.db");
    }

    [Fact]
    public async Task Open_DatabaseOfAnotherRelay_IsRefused()
    {
        Execute("PRAGMA application_id = 7");

        await AssertRefusedAsync("another relay");
    }

    [Fact]
    public async Task Open_RepositoryOfAnotherRelay_IsRefused()
    {
        using RelayFolder other = await OpenAsync(_folder.Combine("other"));
        TemporaryFolder.Mirror(_folder.Combine("other/repository"), Path.Combine(Data, "repository"));

        await AssertRefusedAsync("another relay");
    }

    [Fact]
    public async Task Open_KeysOfAnotherRelay_AreRefusedBeforeTheTimestampExpires()
    {
        using RelayFolder other = await OpenAsync(_folder.Combine("other"));
        TemporaryFolder.Mirror(_folder.Combine("other/keys"), Path.Combine(Data, "keys"));
        File.Copy(Path.Combine(Data, "relay.json"), Path.Combine(Data, "keys", "relay.json"), overwrite: true);

        await AssertRefusedAsync("keys");
    }

    [Fact]
    public async Task Open_OlderCopyOfTheRepository_IsRefused()
    {
        string older = _folder.Combine("older");
        TemporaryFolder.CopyInto(Path.Combine(Data, "repository"), older);
        using (RelayFolder folder = await OpenAsync(Data))
        {
            await new Server.Repository.Publishing.PolicyPublisher(folder.Repository).RevokeAsync([new string('a', 64)], CancellationToken.None);
            folder.Remember();
        }

        TemporaryFolder.Mirror(older, Path.Combine(Data, "repository"));

        await AssertRefusedAsync("older copy");
    }

    [Fact]
    public async Task Open_OlderCopyOfTheDatabase_IsRefused()
    {
        Execute("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'training_runs'");

        await AssertRefusedAsync("older copy");
    }

    [Fact]
    public async Task Open_SignerSettingsMissing_IsRefused()
    {
        RelayManifest manifest = new ManifestStore(new DataFolder(Data)).Read()!;
        new ManifestStore(new DataFolder(Data)).Write(manifest with { Sequence = 99, Parts = [.. manifest.Parts, RelayPart.SignerSettings] });

        await AssertRefusedAsync("signer.json");
    }

    [Fact]
    public async Task Open_ArtifactCutOff_IsRefused()
    {
        File.WriteAllText(Directory.EnumerateFiles(Path.Combine(Data, "artifacts")).MaxBy(file => new FileInfo(file).Length)!, "short");

        await AssertRefusedAsync("artifacts");
    }

    [Fact]
    public async Task Open_FolderOfAnOlderRelay_GoesOnAndIsRemembered()
    {
        ForgetManifest();

        using (RelayFolder folder = await OpenAsync(Data))
        {
            Assert.Single(folder.Repository.Read().Releases);
        }

        Assert.Empty(_adminKeys);
        Assert.Contains(RelayPart.Database, new ManifestStore(new DataFolder(Data)).Read()!.Parts);
        Delete("relay.db");
        await AssertRefusedAsync("relay.db");
    }

    [Fact]
    public async Task Open_ManifestDamagedInOnePlace_IsMendedFromAnother()
    {
        string copy = Path.Combine(Data, "relay.json");
        byte[] whole = File.ReadAllBytes(copy);
        File.WriteAllBytes(copy, whole[..20]);

        using RelayFolder folder = await OpenAsync(Data);

        Assert.Equal(whole, File.ReadAllBytes(copy));
    }

    [Fact]
    public async Task Open_FilesWithoutARow_StayAtAStart()
    {
        string orphan = Path.Combine(Data, "artifacts", new string('a', 64));
        File.WriteAllText(orphan, "of a version that a later backup may know");
        File.SetLastWriteTimeUtc(orphan, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        using RelayFolder folder = await OpenAsync(Data);

        Assert.True(File.Exists(orphan));
    }

    [Fact]
    public async Task OpenAnew_DatabaseMissing_KeepsArtifactsAndNeverGivesAPublishedVersionAgain()
    {
        Delete("relay.db");
        string[] artifacts = Directory.GetFiles(Path.Combine(Data, "artifacts"));

        using RelayFolder folder = await OpenAsync(Data, startAnew: true);

        Assert.Equal(artifacts, Directory.GetFiles(Path.Combine(Data, "artifacts")));
        Assert.Single(_adminKeys);
        Assert.Equal(1, new RepositoryCache(folder.Repository, folder.Paths).HighestVersionOf(SmallModel.Name));
        Assert.Equal(1, new VersionStore(folder.Database).NextVersion(SmallModel.Name));
    }

    [Fact]
    public async Task OpenAnew_RepositoryMissing_NodesOfTheLostOneCanFollow()
    {
        using RelayFolder before = await OpenAsync(Data);
        RepositorySnapshot lost = before.Repository.Read();
        before.Dispose();
        Delete("repository/metadata/timestamp.json");

        using RelayFolder folder = await OpenAsync(Data, startAnew: true);

        RepositorySnapshot anew = folder.Repository.Read();
        Assert.Empty(anew.Releases);
        Assert.All(
            RoleStatus.FromSnapshot(lost).Where(role => role.Role != RoleNames.Root),
            role => Assert.True(role.Version < RoleStatus.FromSnapshot(anew).Single(found => found.Role == role.Role).Version));
        Assert.Single(Directory.GetFiles(folder.Paths.SetAside, "1.root.json", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task OpenAnew_KeysMissing_SetsTheOldRepositoryAside()
    {
        Delete("keys");

        using RelayFolder folder = await OpenAsync(Data, startAnew: true);

        Assert.True(folder.Keys.HoldsRoot);
        Assert.Single(Directory.GetFiles(folder.Paths.SetAside, "timestamp.json", SearchOption.AllDirectories));
        folder.Dispose();
        (await OpenAsync(Data)).Dispose();
    }

    [Fact]
    public async Task OpenAnew_RepositoryMissingAndRootOffline_IsRefusedAndChangesNothing()
    {
        foreach (string root in Directory.GetFiles(Path.Combine(Data, "keys"), "root-*.pem"))
        {
            File.Delete(root);
        }

        Delete("repository/metadata/timestamp.json");
        Dictionary<string, byte[]> before = Files();

        await Assert.ThrowsAsync<RelayStartException>(() => OpenAsync(Data, startAnew: true));

        AssertSame(before);
    }

    [Fact]
    public async Task OpenAnew_ArtifactMissing_IsAskedOnlyOnce()
    {
        File.Delete(Directory.GetFiles(Path.Combine(Data, "artifacts"))[0]);

        (await OpenAsync(Data, startAnew: true)).Dispose();
        (await OpenAsync(Data)).Dispose();

        File.Delete(Directory.GetFiles(Path.Combine(Data, "artifacts"))[0]);
        await AssertRefusedAsync("artifacts");
    }

    [Fact]
    public async Task OpenAnew_NothingMissing_IsRefusedSinceItWouldHideTheNextLoss() =>
        await Assert.ThrowsAsync<RelayStartException>(() => OpenAsync(Data, startAnew: true));

    [Fact]
    public async Task OpenAnew_NewFolder_Opens() => (await OpenAsync(_folder.Combine("new"), startAnew: true)).Dispose();

    [Fact]
    public async Task OpenAnew_EveryPartMissingInTurn_StartsAgainWithoutTheOption()
    {
        foreach (string part in new[] { "relay.db", "keys", "repository", "repository/targets" })
        {
            Delete(part);
            (await OpenAsync(Data, startAnew: true)).Dispose();
            (await OpenAsync(Data)).Dispose();
        }
    }

    [Fact]
    public async Task Open_RefusedStart_LeavesTheFolderFree()
    {
        Delete("keys");
        await AssertRefusedAsync("keys");
        await AssertRefusedAsync("keys");

        (await OpenAsync(Data, startAnew: true)).Dispose();
    }

    [Fact]
    public void OpenDatabase_MissingUnderARunningRelay_IsNotCreatedAgain()
    {
        DataFolder folder = new(Data);
        using RelayDatabase database = RelayDatabase.Open(folder);
        database.Dispose();
        Delete("relay.db");

        Assert.ThrowsAny<DbException>(database.CheckReadable);
        Assert.ThrowsAny<DbException>(() => RelayDatabase.Open(folder));
        Assert.False(File.Exists(folder.Database));
    }

    private async Task AssertRefusedAsync(string named)
    {
        Dictionary<string, byte[]> before = Files();
        _adminKeys.Clear();

        RelayStartException refused = await Assert.ThrowsAsync<RelayStartException>(() => OpenAsync(Data));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Empty(_adminKeys);
        AssertSame(before);
    }

    private void AssertSame(Dictionary<string, byte[]> before)
    {
        Dictionary<string, byte[]> after = Files();
        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), after.Keys.Order(StringComparer.Ordinal));
        Assert.All(before, file => Assert.Equal(file.Value, after[file.Key]));
    }

    private Task<RelayFolder> OpenAsync(string folder, bool startAnew = false) => RelayFolder.OpenAsync(
        new RelayOptions { DataFolder = folder, StartAnew = startAnew, ShowAdminKey = _adminKeys.Add, ShowNotice = _ => { } },
        CancellationToken.None);

    // Locks are the only files that a refused start may make, and SQLite's are its own.
    private Dictionary<string, byte[]> Files() => Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories)
        .Where(file => !file.EndsWith("lock", StringComparison.Ordinal) && !Path.GetFileName(file).StartsWith("relay.db-", StringComparison.Ordinal))
        .ToDictionary(file => file, File.ReadAllBytes);

    private void Delete(string part)
    {
        string path = Path.Combine(Data, part);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    private void ForgetManifest()
    {
        Execute("PRAGMA application_id = 0");
        foreach (string copy in Directory.GetFiles(Data, ManifestStore.FileName, SearchOption.AllDirectories))
        {
            File.Delete(copy);
        }
    }

    private void Execute(string sql)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(Data, "relay.db")};Pooling=False");
        connection.Execute(sql);
    }
}

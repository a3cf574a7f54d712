using System.Data.Common;
using Relay.Server.Hosting;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Storage;

namespace Relay.Server.Tests.Hosting;

/// <summary>A relay that finds less than it had stops, names what is missing, and changes nothing.</summary>
public sealed class LostPartTests(StoppedRelay stopped) : IDisposable
{
    private readonly StoppedRelayCopy _relay = new(stopped);

    public void Dispose() => _relay.Dispose();

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
        _relay.Delete(part);

        await _relay.AssertRefusedAsync(named);
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
        _relay.ForgetManifest();
        _relay.Delete(part);

        await _relay.AssertRefusedAsync(named);
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
        Array.ForEach(parts, _relay.Delete);

        await _relay.AssertRefusedAsync(parts[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Open_DatabaseEmpty_IsRefused(int kind)
    {
        _relay.Delete("relay.db");
        if (kind == 0)
        {
            File.WriteAllBytes(Path.Combine(_relay.Data, "relay.db"), []);
        }
        else
        {
            RelayDatabase.Create(new DataFolder(_relay.Data)).Dispose();
        }

        await _relay.AssertRefusedAsync("relay.db");
    }

    [Fact]
    public async Task Open_SignerSettingsMissing_IsRefused()
    {
        RelayManifest manifest = new ManifestStore(new DataFolder(_relay.Data)).Read()!;
        new ManifestStore(new DataFolder(_relay.Data)).Write(manifest with { Sequence = 99, Parts = [.. manifest.Parts, RelayPart.SignerSettings] });

        await _relay.AssertRefusedAsync("signer.json");
    }

    [Fact]
    public async Task Open_ArtifactCutOff_IsRefused()
    {
        File.WriteAllText(Directory.EnumerateFiles(Path.Combine(_relay.Data, "artifacts")).MaxBy(file => new FileInfo(file).Length)!, "short");

        await _relay.AssertRefusedAsync("artifacts");
    }

    [Fact]
    public async Task Open_FilesWithoutARow_StayAtAStart()
    {
        string orphan = Path.Combine(_relay.Data, "artifacts", new string('a', 64));
        File.WriteAllText(orphan, "of a version that a later backup may know");
        File.SetLastWriteTimeUtc(orphan, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        using RelayFolder folder = await _relay.OpenAsync(_relay.Data);

        Assert.True(File.Exists(orphan));
    }

    [Fact]
    public async Task Open_RefusedStart_LeavesTheFolderFree()
    {
        _relay.Delete("keys");
        await _relay.AssertRefusedAsync("keys");
        await _relay.AssertRefusedAsync("keys");

        (await _relay.OpenAsync(_relay.Data, startAnew: true)).Dispose();
    }

    [Fact]
    public void OpenDatabase_MissingUnderARunningRelay_IsNotCreatedAgain()
    {
        DataFolder folder = new(_relay.Data);
        using RelayDatabase database = RelayDatabase.Open(folder);
        database.Dispose();
        _relay.Delete("relay.db");

        Assert.ThrowsAny<DbException>(database.CheckReadable);
        Assert.Throws<RelayStartException>(() => RelayDatabase.Open(folder));
        Assert.False(File.Exists(folder.Database));
    }
}

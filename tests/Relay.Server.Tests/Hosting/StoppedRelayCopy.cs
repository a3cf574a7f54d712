using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Hosting;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Storage;
using Relay.TestKit;

namespace Relay.Server.Tests.Hosting;

/// <summary>A copy of a <see cref="StoppedRelay"/> for one test, which loses or replaces parts of it.</summary>
internal sealed class StoppedRelayCopy : IDisposable
{
    public StoppedRelayCopy(StoppedRelay stopped) => TemporaryFolder.CopyInto(stopped.DataFolder, Data);

    public TemporaryFolder Folder { get; } = new();

    public string Data => Folder.Combine("data");

    /// <summary>The admin keys that starts have shown.</summary>
    public List<string> AdminKeys { get; } = [];

    public void Dispose() => Folder.Dispose();

    /// <summary>Asserts that a start names what is wrong in one line, and changes nothing.</summary>
    public async Task AssertRefusedAsync(string named)
    {
        Dictionary<string, byte[]> before = Files();
        AdminKeys.Clear();

        RelayStartException refused = await Assert.ThrowsAsync<RelayStartException>(() => OpenAsync(Data));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Empty(AdminKeys);
        AssertSame(before);
    }

    public void AssertSame(Dictionary<string, byte[]> before)
    {
        Dictionary<string, byte[]> after = Files();
        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), after.Keys.Order(StringComparer.Ordinal));
        Assert.All(before, file => Assert.Equal(file.Value, after[file.Key]));
    }

    public Task<RelayFolder> OpenAsync(string folder, bool startAnew = false) => RelayFolder.OpenAsync(
        new RelayOptions { DataFolder = folder, StartAnew = startAnew, ShowAdminKey = AdminKeys.Add, ShowNotice = _ => { } },
        CancellationToken.None);

    // Locks are the only files that a refused start may make, and SQLite's are its own.
    public Dictionary<string, byte[]> Files() => Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories)
        .Where(file => !file.EndsWith("lock", StringComparison.Ordinal) && !Path.GetFileName(file).StartsWith("relay.db-", StringComparison.Ordinal))
        .ToDictionary(file => file, File.ReadAllBytes);

    public void Delete(string part)
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

    /// <summary>Makes the folder that of a relay before it wrote manifests.</summary>
    public void ForgetManifest()
    {
        Execute("PRAGMA application_id = 0");
        foreach (string copy in Directory.GetFiles(Data, DataFolder.ManifestName, SearchOption.AllDirectories))
        {
            File.Delete(copy);
        }
    }

    public void Execute(string sql)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(Data, "relay.db")};Pooling=False");
        connection.Execute(sql);
    }
}

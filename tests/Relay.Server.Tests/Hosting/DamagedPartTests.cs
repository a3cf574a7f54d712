using System.Data.Common;
using System.Net;
using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Hosting;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Hosting;

/// <summary>Damage is found at a start or at a read: one line or one problem, and never a stack trace or a "ready".</summary>
[Trait("Attack", "tampering-at-rest")]
public sealed class DamagedPartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DamagedPartTests(StoppedRelay stopped) => TemporaryFolder.CopyInto(stopped.DataFolder, Data);

    private string Data => _folder.Combine("data");

    public void Dispose() => _folder.Dispose();

    /// <summary>Every file of the folder, emptied, cut and overwritten: a start either goes on or says what is wrong in one line.</summary>
    [Fact]
    public async Task Open_AnyFileDamaged_GoesOnOrIsRefusedInOneLine()
    {
        List<string> traces = [];
        int refused = 0;
        foreach (string file in Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories).ToArray())
        {
            byte[] whole = File.ReadAllBytes(file);
            foreach (byte[] damaged in new[] { [], whole[..(whole.Length / 2)], RandomNumberGenerator.GetBytes(Math.Max(1, whole.Length)) })
            {
                string copy = _folder.Combine("copy");
                TemporaryFolder.Mirror(Data, copy);
                File.WriteAllBytes(Path.Combine(copy, Path.GetRelativePath(Data, file)), damaged);
                try
                {
                    (await RelayFolder.OpenAsync(new RelayOptions { DataFolder = copy, ShowAdminKey = _ => { } }, CancellationToken.None)).Dispose();
                }
                catch (Exception e) when (e is RelayStartException or InvalidDataException or IOException)
                {
                    refused++;
                    Assert.DoesNotContain('\n', e.Message);
                }
                catch (Exception e)
                {
                    traces.Add($"{Path.GetRelativePath(Data, file)} with {damaged.Length} bytes: {e.GetType().Name} {e.Message}");
                }
            }
        }

        Assert.Empty(traces);
        Assert.InRange(refused, 30, 500);
    }

    [Fact]
    public async Task Open_DatabasePageDamaged_IsRefused()
    {
        DamagePages();

        RelayStartException refused = await Assert.ThrowsAsync<RelayStartException>(
            () => RelayFolder.OpenAsync(new RelayOptions { DataFolder = Data }, CancellationToken.None));

        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DatabaseOpenToAll_IsForItsOwnerOnlyAfterwards()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes");
            return;
        }

        string path = Path.Combine(Data, "relay.db");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        using RelayDatabase database = RelayDatabase.Open(new DataFolder(Data));
        using DbConnection connection = database.Open();
        connection.Execute("UPDATE models SET updated_at = 1");

        foreach (string file in Directory.GetFiles(Data, "relay.db*"))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task Download_FileDamagedOnTheDisk_IsNotServedAndIsAWarning()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync());
        string target = Directory.GetFiles(Path.Combine(relay.DataFolder, "repository", "targets"), "*.model.onnx", SearchOption.AllDirectories)[0];
        string path = Routes.Targets + "/" + Path.GetRelativePath(Path.Combine(relay.DataFolder, "repository", "targets"), target);
        (await relay.Anonymous.GetAsync(path)).EnsureSuccessStatusCode();
        byte[] content = File.ReadAllBytes(target);
        string artifact = Path.Combine(relay.DataFolder, "artifacts", Convert.ToHexStringLower(SHA256.HashData(content)));

        // The two may be names of one file.
        File.WriteAllText(artifact, "damaged");
        File.WriteAllText(target, "damaged");

        using HttpResponseMessage stable = await relay.Anonymous.GetAsync($"/models/{SmallModel.Name}.onnx");
        using HttpResponseMessage listed = await relay.Anonymous.GetAsync(path);
        string ready = await relay.Anonymous.GetStringAsync("/health/ready");
        File.WriteAllBytes(artifact, content);
        File.WriteAllBytes(target, content);

        Assert.Equal("internal", await stable.ProblemTypeAsync(HttpStatusCode.InternalServerError));
        Assert.Equal("internal", await listed.ProblemTypeAsync(HttpStatusCode.InternalServerError));
        Assert.Contains("2 files", ready, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_PagesDamagedUnderARunningRelay_IsNotReadyOnceAnAnswerFailed()
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { Server = null });
        await relay.TrainSmallAsync();
        (await relay.Anonymous.GetAsync("/health/ready")).EnsureSuccessStatusCode();
        string database = Path.Combine(relay.DataFolder, "relay.db");
        using (SqliteConnection connection = new($"Data Source={database};Pooling=False"))
        {
            connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        using (FileStream file = new(database, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 4096;

            // No page begins so. Random bytes would now and then be another error than damage.
            file.Write([.. Enumerable.Repeat((byte)0xFF, (int)file.Length - 4096)]);
        }

        SqliteConnection.ClearAllPools();
        using HttpResponseMessage failed = await relay.Admin.GetAsync(Routes.Models);
        using HttpResponseMessage ready = await relay.Anonymous.GetAsync("/health/ready");

        Assert.Equal("internal", await failed.ProblemTypeAsync(HttpStatusCode.InternalServerError));
        Assert.Equal("not-ready", await ready.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable));
    }

    private void DamagePages()
    {
        using FileStream file = new(Path.Combine(Data, "relay.db"), FileMode.Open, FileAccess.Write);
        file.Position = 4096;
        file.Write(RandomNumberGenerator.GetBytes(8192));
    }
}

using Relay.Server.Keys;
using Relay.Server.Tests.Repository;
using Relay.TestKit;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Keys;

public sealed class KeyStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Keys => _folder.Combine("data/keys");

    [Fact]
    public async Task OpenAsync_SecondTime_GivesTheSameKeys()
    {
        OpenedKeys first = await OpenAsync();
        OpenedKeys second = await OpenAsync();
        Assert.True(first.Created);
        Assert.False(second.Created);
        Assert.Equal(Ids(first.Keys), Ids(second.Keys));
        Assert.Equal(7, Ids(first.Keys).Distinct().Count());
        Assert.Equal(first.Keys.CmsSigner!.Thumbprint, second.Keys.CmsSigner!.Thumbprint);
        Assert.True(second.Keys.CmsSigner!.HasPrivateKey);
        Assert.False(second.Keys.CmsRoot.HasPrivateKey);
    }

    [Fact]
    public async Task OpenAsync_NewFolder_IsReadableByItsOwnerOnly()
    {
        await OpenAsync();
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        Assert.Equal(DurableFiles.OwnerFolder, File.GetUnixFileMode(Keys));
        foreach (string file in Directory.GetFiles(Keys))
        {
            Assert.Equal(DurableFiles.OwnerFile, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task OpenAsync_CrashAfterAnyStep_NextStartHasWholeKeys()
    {
        for (int steps = 1; ; steps++)
        {
            Directory.CreateDirectory(_folder.Combine("data"));
            Directory.Delete(_folder.Combine("data"), recursive: true);
            CrashPoint crash = new(steps);
            bool finished = await crash.RunAsync(files => KeyStore.OpenAsync(Keys, TimeProvider.System, files, CancellationToken.None));
            OpenedKeys opened = await OpenAsync();
            Assert.True(opened.Keys.HoldsRoot);
            Assert.Equal(10, Directory.GetFiles(Keys).Length);
            if (finished)
            {
                Assert.True(steps > 30);
                return;
            }
        }
    }

    [Fact]
    public async Task OpenAsync_OnlineKeyMissing_IsNotReplaced()
    {
        await OpenAsync();
        File.Delete(Path.Combine(Keys, "snapshot.pem"));
        await Assert.ThrowsAsync<InvalidDataException>(OpenAsync);
        Assert.False(File.Exists(Path.Combine(Keys, "snapshot.pem")));
    }

    [Fact]
    public async Task OpenAsync_DamagedKey_IsNamed()
    {
        await OpenAsync();
        await File.WriteAllTextAsync(Path.Combine(Keys, "targets.pem"), "no key");
        await Assert.ThrowsAsync<InvalidDataException>(OpenAsync);
    }

    [Fact]
    public async Task OpenAsync_RootKeysTakenOffline_Opens()
    {
        await OpenAsync();
        foreach (string name in (string[])["root-1.pem", "root-2.pem", "root-3.pem", "cms-root-key.pem"])
        {
            File.Delete(Path.Combine(Keys, name));
        }

        Assert.False((await OpenAsync()).Keys.HoldsRoot);
    }

    [Fact]
    public async Task OpenAsync_TwoAtOnce_MakeOneSetOfKeys()
    {
        OpenedKeys[] opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(OpenAsync)));
        Assert.Single(opened, keys => keys.Created);
        Assert.Single(opened.Select(keys => keys.Keys.ForRole(RoleNames.Timestamp).Single().KeyId).Distinct());
    }

    private Task<OpenedKeys> OpenAsync() => KeyStore.OpenAsync(Keys, TimeProvider.System, CancellationToken.None);

    private static string[] Ids(SigningKeys keys) =>
        [.. RoleAssignments.RoleOrder.SelectMany(keys.ForRole).Select(key => key.KeyId)];
}

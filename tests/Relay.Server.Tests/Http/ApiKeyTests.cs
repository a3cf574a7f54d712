using System.Net;
using System.Text;
using Relay.Server.Hosting;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http;

/// <summary>The admin key is shown once and is nowhere in clear, and other accounts cannot enter the folder.</summary>
public sealed class ApiKeyTests(PublishedRelay fixture)
{
    [Fact]
    public async Task AdminKey_AfterRestart_IsTheSameAndIsNotShownAgain()
    {
        int shown = 0;
        await using TestRelay relay = await TestRelay.StartAsync(o => Counting(o));
        string key = relay.AdminKey;

        await relay.RestartAsync(o => Counting(o));
        using HttpResponseMessage response = await relay.Admin.GetAsync(Routes.Models);

        Assert.Equal(1, shown);
        Assert.Equal(key, relay.AdminKey);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        RelayOptions Counting(RelayOptions options) => options with
        {
            ShowAdminKey = k =>
            {
                shown++;
                options.ShowAdminKey(k);
            },
        };
    }

    [Fact]
    public async Task AdminKey_Replaced_OldOneIsRefused()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        string old = relay.AdminKey;

        await relay.RestartAsync(o => o with { NewAdminKey = true });
        using HttpClient withOld = relay.CreateClient(old);
        using HttpResponseMessage refused = await withOld.GetAsync(Routes.Models);
        using HttpResponseMessage taken = await relay.Admin.GetAsync(Routes.Models);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }

    [Fact]
    public async Task AdminKey_InDataFolder_IsNowhereInClear()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.StopAsync();

        byte[] key = Encoding.ASCII.GetBytes(relay.AdminKey);
        foreach (string file in Directory.EnumerateFiles(relay.DataFolder, "*", SearchOption.AllDirectories))
        {
            Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(key) < 0, file);
        }
    }

    [Fact]
    public void DataFolder_OnUnix_OnlyOwnerMayEnter()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        TestRelay relay = fixture.Relay;
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(relay.DataFolder) & Others);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Path.Combine(relay.DataFolder, "tls", "ca.key")) & Others);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Path.Combine(relay.DataFolder, "tls", "server.key")) & Others);
    }
}

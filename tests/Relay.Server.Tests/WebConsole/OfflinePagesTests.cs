using Relay.Server.Tests.Releases;
using Relay.TestKit;

namespace Relay.Server.Tests.WebConsole;

/// <summary>Releases of a relay whose targets key is offline: the console says that they wait, and for what.</summary>
public sealed class OfflinePagesTests : IAsyncLifetime
{
    private const string Stable = "/console/rollouts/channels/stable";

    private OfflineRelay _relay = null!;

    public async ValueTask InitializeAsync()
    {
        _relay = await OfflineRelay.StartAsync();
        await _relay.ApproveAsync(await _relay.PublishAsync());
        await _relay.Relay.TrainSmallAsync(trees: 3);
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Release_TargetsKeyIsOffline_WaitsForSignaturesAndSaysSo()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(_relay.Relay);
        ConsoleAnswer released = await browser.SubmitAsync(Stable, $"{Stable}/release", ("models", "small@2"));

        Assert.Contains("Nothing has changed yet: it waits for signatures", released.Text, StringComparison.Ordinal);
        Assert.Contains("relay approve", released.Text, StringComparison.Ordinal);
        string channel = (await browser.GetAsync(Stable)).Text;
        Assert.Contains("Waits for signatures", channel, StringComparison.Ordinal);
        Assert.Contains("small 1", channel, StringComparison.Ordinal);
    }
}

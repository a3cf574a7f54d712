using Relay.Server.Hosting;
using Relay.TestKit;
using Shared.Contracts.Api;

[assembly: AssemblyFixture(typeof(Relay.Server.Tests.Hosting.StoppedRelay))]

namespace Relay.Server.Tests.Hosting;

/// <summary>The folder of a relay that trained, published, revoked and was stopped. Each test loses another part of a copy.</summary>
public sealed class StoppedRelay : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public string DataFolder => _folder.Combine("data");

    public async ValueTask InitializeAsync()
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { Server = null });
        await relay.PublishAsync("stable", await relay.TrainSmallAsync());
        ModelVersion second = await relay.TrainSmallAsync(trees: 6);
        (await relay.Admin.PostAsync($"{Routes.Models}/{second.Name}/versions/{second.Version}/revoke", null)).EnsureSuccessStatusCode();
        await relay.StopAsync();

        // As after a second start, which writes down what the last one has done.
        using (await RelayFolder.OpenAsync(new RelayOptions { DataFolder = relay.DataFolder }, CancellationToken.None))
        {
        }

        TemporaryFolder.CopyInto(relay.DataFolder, DataFolder);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

using Relay.Server.Hosting;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Hosting;

/// <summary>A relay with keys of a ceremony that lost its repository: its first targets are those of the ceremony, which nodes refuse as
/// too low.</summary>
public sealed class StartAnewOfflineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public StartAnewOfflineTests() =>
        KeyCeremony.Create(_folder.Combine("keys"), new CeremonyPlan(3, 2, 1, 1), TimeProvider.System.GetUtcNow(), new DurableFiles());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OpenAnew_RepositoryOfACeremonyIsLost_AsksPeopleForTargetsAboveTheLostOnes()
    {
        (await OpenAsync(startAnew: false)).Dispose();
        File.Delete(_folder.Combine("data/repository/metadata/timestamp.json"));
        string asked;
        using (RelayFolder anew = await OpenAsync(startAnew: true))
        {
            RepositorySnapshot snapshot = anew.Repository.Read();
            PendingPublication staged = Assert.Single(anew.Repository.Pending.List(snapshot));
            Assert.Equal(1, snapshot.Targets.Version);
            Assert.True(snapshot.ChannelTargets.Version > 100_000 && staged.Version > 100_000);
            asked = staged.Id;
        }

        using RelayFolder again = await OpenAsync(startAnew: false);

        Assert.Equal(asked, Assert.Single(again.Repository.Pending.List(again.Repository.Read())).Id);
        Assert.True(new ManifestStore(new DataFolder(_folder.Combine("data"))).Read()!.LowestVersion > 100_000);
    }

    private Task<RelayFolder> OpenAsync(bool startAnew) => RelayFolder.OpenAsync(
        new()
        {
            DataFolder = _folder.Combine("data"),
            KeysFolder = _folder.Combine("keys/online"),
            StartAnew = startAnew,
            ShowAdminKey = _ => { },
            ShowNotice = _ => { },
        },
        TestContext.Current.CancellationToken);
}

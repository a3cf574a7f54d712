using System.Globalization;
using Microsoft.AspNetCore.Http;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Sync.Client.Transport;

namespace Sync.Client.Tests.Transport;

public sealed class RetryAfterTests : IAsyncLifetime
{
    private const string Timestamp = "/v1/repository/metadata/timestamp.json";
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await NodeFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Theory]
    [InlineData(429, false)]
    [InlineData(503, false)]
    [InlineData(503, true)]
    public async Task GetAsync_ServerAsksForALongPause_IsNotAskedBeforeItIsOver(int status, bool asDate)
    {
        _fixture.Options.Budgets.Retries = 5;
        Answer(status, TimeSpan.FromMinutes(2), asDate);
        using RelayHttp http = Open();

        Fetched first = await GetAsync(http);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        Fetched early = await GetAsync(http);
        int requests = _fixture.Server.Requests.Count;
        _fixture.Server.Instead = (_, _) => Task.FromResult(false);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(2));
        Fetched late = await GetAsync(http);

        Assert.Equal(RefusalReason.TransportUnavailable, first.Refusal?.Reason);
        Assert.Equal(RefusalReason.TransportUnavailable, early.Refusal?.Reason);
        Assert.Equal((1, FetchStatus.Ok), (requests, late.Status));
    }

    [Fact]
    [Trait("Attack", "endless-pause")]
    public async Task GetAsync_ServerAsksForAYear_IsAskedAfterAnHour()
    {
        Answer(503, TimeSpan.FromDays(365), asDate: false);
        using RelayHttp http = Open();

        await GetAsync(http);
        _fixture.Server.Instead = (_, _) => Task.FromResult(false);
        _fixture.Clock.Advance(ServerPause.Maximum);

        Assert.Equal(FetchStatus.Ok, (await GetAsync(http)).Status);
    }

    [Fact]
    public async Task GetAsync_ServerAsksForAShortPause_WaitsAndRetries()
    {
        _fixture.Options.Budgets.Retries = 1;
        _fixture.Options.Budgets.RetryDelay = TimeSpan.FromMilliseconds(1);
        Answer(429, TimeSpan.FromSeconds(1), asDate: false, times: 1);
        using RelayHttp http = Open();
        long start = TimeProvider.System.GetTimestamp();

        Fetched fetched = await GetAsync(http);

        Assert.Equal(FetchStatus.Ok, fetched.Status);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0.9, 60);
    }

    [Fact]
    public async Task RefreshAsync_RelayAsksForAPause_TheMirrorIsAskedInstead()
    {
        await using MirrorFixture mirror = await MirrorFixture.StartAsync(_fixture);
        await _fixture.PublishAsync(Relay.TestKit.Models.TestModel.Create());
        Answer(503, TimeSpan.FromMinutes(30), asDate: false);
        using SyncClient node = _fixture.OpenNode();

        await node.RefreshAsync();
        int requests = _fixture.Server.Requests.Count;
        RefreshResult again = await node.RefreshAsync();

        Assert.Equal((1, null), (node.Models.Single().Active.Version, again.Refusal));
        Assert.Equal(requests, _fixture.Server.Requests.Count);
    }

    private RelayHttp Open() => new(_fixture.Server.Address, _fixture.Server.TlsRoot, _fixture.Options.Budgets, _fixture.Clock);

    private static Task<Fetched> GetAsync(RelayHttp http) =>
        http.GetAsync(Timestamp, 16_384, RefusalReason.MetadataTooLarge, known: null, default);

    private void Answer(int status, TimeSpan pause, bool asDate, int times = int.MaxValue) => _fixture.Server.Instead = (http, _) =>
    {
        if (times-- <= 0)
        {
            return Task.FromResult(false);
        }

        // The server's clock is not the node's.
        DateTimeOffset now = new(2020, 2, 2, 2, 2, 2, TimeSpan.Zero);
        http.Response.StatusCode = status;
        http.Response.Headers.Date = now.ToString("R", CultureInfo.InvariantCulture);
        http.Response.Headers.RetryAfter = asDate
            ? (now + pause).ToString("R", CultureInfo.InvariantCulture)
            : pause.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return Task.FromResult(true);
    };
}

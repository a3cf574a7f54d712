using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Platform.Files;
using Sync.Client.Storage;
using Sync.Client.Transport;

namespace Sync.Client.Tests.Transport;

public sealed partial class RelayHttpTests : IAsyncLifetime
{
    private const string Timestamp = "/v1/repository/metadata/timestamp.json";
    private const string Big = "/v1/repository/targets/big";
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await NodeFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task GetAsync_KnownTag_IsNotModified()
    {
        using RelayHttp http = Open();
        Fetched first = await GetAsync(http, Timestamp, 16_384);

        Fetched again = await http.GetAsync(Timestamp, 16_384, RefusalReason.MetadataTooLarge, first.ETag, default);

        Assert.Equal((FetchStatus.Ok, FetchStatus.NotModified), (first.Status, again.Status));
    }

    [Fact]
    [Trait("Attack", "endless-body")]
    public async Task GetAsync_EndlessBody_IsRefusedAsTooLarge()
    {
        _fixture.Repository.Endless(MisbehavingRepository.TimestampPath);
        using RelayHttp http = Open();

        Fetched fetched = await GetAsync(http, Timestamp, 16_384);

        Assert.Equal(RefusalReason.MetadataTooLarge, fetched.Refusal?.Reason);
    }

    [Fact]
    public async Task GetAsync_OneByteOverTheLimit_IsRefusedAndAtTheLimitTaken()
    {
        int length = _fixture.Honest.Serve(MisbehavingRepository.TimestampPath)!.Length;
        using RelayHttp http = Open();

        Assert.Equal(RefusalReason.MetadataTooLarge, (await GetAsync(http, Timestamp, length - 1)).Refusal?.Reason);
        Assert.Equal(length, (await GetAsync(http, Timestamp, length)).Bytes.Length);
    }

    [Fact]
    [Trait("Attack", "slow-body")]
    public async Task GetAsync_BodySlowerThanTheBudget_IsRefusedAsTooSlow()
    {
        _fixture.Options.Budgets.SlowBodyGrace = TimeSpan.FromMilliseconds(200);
        _fixture.Server.Instead = async (http, _) =>
        {
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(new byte[1], http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                await Task.Delay(20, http.RequestAborted);
            }

            return true;
        };
        using RelayHttp http = Open();

        Fetched fetched = await GetAsync(http, Timestamp, 16_384);

        Assert.Equal(RefusalReason.TransportTooSlow, fetched.Refusal?.Reason);
    }

    [Fact]
    [Trait("Attack", "slow-body")]
    public async Task GetAsync_TotalDeadlineOverAllAttempts_IsRefusedAsTooSlow()
    {
        _fixture.Options.Budgets.Retries = 10;
        _fixture.Options.Budgets.DownloadDeadline = TimeSpan.FromMilliseconds(500);
        _fixture.KillRelay();
        using RelayHttp http = Open();

        Fetched fetched = await GetAsync(http, Timestamp, 16_384);

        Assert.Equal(RefusalReason.TransportTooSlow, fetched.Refusal?.Reason);
    }

    [Theory]
    [InlineData("http://127.0.0.1/elsewhere")]
    [InlineData("https://example.org/elsewhere")]
    [InlineData(Timestamp)]
    [Trait("Attack", "redirect-loop")]
    [Trait("Attack", "redirect-http")]
    [Trait("Attack", "redirect-host")]
    public async Task GetAsync_Redirect_IsForbiddenWhereverItLeads(string target)
    {
        Redirect(target);
        using RelayHttp http = Open();

        Fetched fetched = await GetAsync(http, Timestamp, 16_384);

        Assert.Equal(RefusalReason.TransportForbiddenRedirect, fetched.Refusal?.Reason);
        Assert.Single(_fixture.Server.Requests);
    }

    [Fact]
    public async Task GetAsync_CertificateThatIsNotPinned_IsRefused()
    {
        await using RepositoryServer other = await RepositoryServer.StartAsync(_fixture.Repository);
        _fixture.Options.TlsRoot = other.TlsRoot;
        using RelayHttp http = Open();

        Assert.Equal(RefusalReason.TransportUnavailable, (await GetAsync(http, Timestamp, 16_384)).Refusal?.Reason);
        Assert.Empty(_fixture.Server.Requests);
    }

    [Fact]
    public async Task GetAsync_RelayBusyTwice_SucceedsAtTheThirdAttempt()
    {
        _fixture.Options.Budgets.Retries = 2;
        _fixture.Options.Budgets.RetryDelay = TimeSpan.FromMilliseconds(1);
        int answers = 0;
        _fixture.Server.Instead = (http, _) =>
        {
            bool busy = ++answers <= 2;
            http.Response.StatusCode = busy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            return Task.FromResult(busy);
        };
        using RelayHttp http = Open();

        Fetched fetched = await GetAsync(http, Timestamp, 16_384);

        Assert.Equal((FetchStatus.Ok, 3), (fetched.Status, answers));
    }

    private RelayHttp Open() => new(_fixture.Options.Relay!, _fixture.Options.TlsRoot, _fixture.Options.Budgets, TimeProvider.System);

    private static async Task<Fetched> DownloadAsync(RelayHttp http, string file, long length)
    {
        using PartFile part = new StoreFiles().Open(file);
        return await http.DownloadAsync(Big, part, length, followsRedirect: false, default);
    }

    private void Redirect(string target) => _fixture.Server.Instead = (http, _) =>
    {
        http.Response.Redirect(target);
        return Task.FromResult(true);
    };

    private static Task<Fetched> GetAsync(RelayHttp http, string path, long limit) =>
        http.GetAsync(path, limit, RefusalReason.MetadataTooLarge, known: null, default);
}

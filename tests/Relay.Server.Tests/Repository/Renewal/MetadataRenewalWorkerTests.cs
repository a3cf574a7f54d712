using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Repository;
using Relay.TestKit;

namespace Relay.Server.Tests.Repository.Renewal;

public sealed class MetadataRenewalWorkerTests
{
    [Fact]
    public async Task Start_AfterTheMetadataExpired_SignsItAgain()
    {
        TestClock clock = TestClock.Running();
        await using TestRelay relay = await TestRelay.StartAsync(o => o with { TimeProvider = clock });
        long before = relay.Services.GetRequiredService<RepositoryCache>().Read().Timestamp.Version;

        clock.Advance(TimeSpan.FromDays(10));
        await relay.RestartAsync(o => o with { TimeProvider = clock });
        using HttpResponseMessage ready = await relay.Anonymous.GetAsync("/health/ready");

        Assert.True(relay.Services.GetRequiredService<RepositoryCache>().Read().Timestamp.Version > before);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Ready_MetadataExpired_IsNotReady()
    {
        TestClock clock = TestClock.Running();
        await using TestRelay relay = await TestRelay.StartAsync(o => o with { TimeProvider = clock });

        clock.Advance(TimeSpan.FromDays(10));
        using HttpResponseMessage ready = await relay.Anonymous.GetAsync("/health/ready");

        Assert.Equal("not-ready", await ready.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable));
    }
}

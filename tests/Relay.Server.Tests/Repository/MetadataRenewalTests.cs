using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Repository;
using Relay.TestKit;

namespace Relay.Server.Tests.Repository;

public sealed class MetadataRenewalWorkerTests
{
    [Fact]
    public async Task Start_AfterTheMetadataExpired_SignsItAgain()
    {
        ShiftedTime time = new();
        await using TestRelay relay = await TestRelay.StartAsync(o => o with { TimeProvider = time });
        long before = relay.Services.GetRequiredService<RepositoryCache>().Read().Timestamp.Version;

        time.Shift = TimeSpan.FromDays(10);
        await relay.RestartAsync(o => o with { TimeProvider = time });
        using HttpResponseMessage ready = await relay.Anonymous.GetAsync("/health/ready");

        Assert.True(relay.Services.GetRequiredService<RepositoryCache>().Read().Timestamp.Version > before);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Ready_MetadataExpired_IsNotReady()
    {
        ShiftedTime time = new();
        await using TestRelay relay = await TestRelay.StartAsync(o => o with { TimeProvider = time });

        time.Shift = TimeSpan.FromDays(10);
        using HttpResponseMessage ready = await relay.Anonymous.GetAsync("/health/ready");

        Assert.Equal("not-ready", await ready.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable));
    }

    /// <summary>Unlike a clock that stands still it lets the host's own time limits work, and certificates be valid now.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
    }
}

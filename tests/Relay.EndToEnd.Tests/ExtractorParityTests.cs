using System.Net;
using Demo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.TestKit;
using Relay.Training.Simulation;
using Shared.Contracts.Http;
using Sync.Client;
using Sync.Client.AspNetCore;
using Sync.Client.Testing;

namespace Relay.EndToEnd.Tests;

/// <summary>Training and the node see a request alike: the older relay's did not, and every prediction failed for it.</summary>
public sealed class ExtractorParityTests
{
    private const int Requests = 1_500;

    [Fact]
    public async Task Extract_RequestsIngestedAndTheSameSeenLive_GiveTheSameBits()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        Queue<SimulatedRequest> expected = new();
        List<float[]> live = [];

        // The one thing that a live server cannot have alike is the clock: it is set to the request's own time.
        TestClock clock = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton<IRelayModel>(FakeRelayModel.CreateClassifier("threats", HttpFeatureSchema.Names, ["safe", "attack"], row =>
        {
            live.Add(row);
            return [1, 0];
        }));
        builder.Services.AddThreatScoring(o => o.IsFailedLogin = _ => expected.Peek().LoginFails);
        await using WebApplication site = builder.Build();
        site.UseThreatScoring();
        site.Run(_ => Task.CompletedTask);
        await site.StartAsync(cancel);

        Uri address = new(site.Urls.Single());
        IReadOnlyList<SimulatedRequest> requests =
            new TrafficSimulator(11, Requests, new(2026, 5, 4, 22, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(4), address.Authority).Play();
        using TrafficPlayer player = new(address, TimeProvider.System);
        foreach (SimulatedRequest request in requests)
        {
            expected.Enqueue(request);
            clock.Set(request.Facts.At - clock.GetUtcNow());
            using HttpResponseMessage response = await player.SendAsync(request, cancel);
            expected.Dequeue();
        }

        float[][] ingested = [.. FeatureRows.Ingest(requests.Select(OnLoopback)).Select(r => r.Features)];
        Assert.Equal(requests.Count, live.Count);
        Assert.Equal(ingested, live);
        Assert.True(requests.DistinctBy(r => r.Class).Count() >= 6, "the play has benign visitors and most attack classes");
    }

    /// <summary>The player's sockets are bound to loopback addresses; everything else of a request goes out as it is.</summary>
    private static SimulatedRequest OnLoopback(SimulatedRequest request) =>
        request with { Facts = request.Facts with { Client = TrafficPlayer.LoopbackOf(request.Facts.Client) } };
}

using System.Net;
using Demo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using ProtectedSite.Scoring;
using Relay.Training.Simulation;
using Shared.Contracts.Http;

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
        HttpFeatureExtractor extractor = new();
        List<float[]> live = [];

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        await using WebApplication site = builder.Build();
        site.Run(context =>
        {
            // The one thing that a live server cannot have alike is the clock: it is set to the request's own time.
            SimulatedRequest request = expected.Peek();
            float[] features = new float[HttpFeatureSchema.Count];
            HttpRequestFacts facts = RequestFacts.Read(context, request.Facts.At);
            extractor.Extract(facts, features);
            if (request.LoginFails)
            {
                extractor.RecordFailedLogin(facts.Client, facts.At);
            }

            live.Add(features);
            return Task.CompletedTask;
        });
        await site.StartAsync(cancel);

        Uri address = new(site.Urls.Single());
        IReadOnlyList<SimulatedRequest> requests =
            new TrafficSimulator(11, Requests, new(2026, 5, 4, 22, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(4), address.Authority).Play();
        using TrafficPlayer player = new(address, TimeProvider.System);
        foreach (SimulatedRequest request in requests)
        {
            expected.Enqueue(request);
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

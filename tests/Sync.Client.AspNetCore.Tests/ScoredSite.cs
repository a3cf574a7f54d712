using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.TestKit;
using Shared.Contracts.Http;
using Sync.Client.Testing;

namespace Sync.Client.AspNetCore.Tests;

/// <summary>A site on a loopback port, whose model takes the 29 features. The number of query parameters of a request is its score in
/// tenths.</summary>
internal sealed class ScoredSite : IAsyncDisposable
{
    private readonly WebApplication _site;

    private ScoredSite(WebApplication site, FakeRelayModel model, TestLoggerProvider log) => (_site, Model, Log) = (site, model, log);

    public FakeRelayModel Model { get; }

    public TestLoggerProvider Log { get; }

    public HttpClient Client { get; private set; } = null!;

    /// <summary>The rows that the model saw, in order.</summary>
    public ConcurrentQueue<float[]> Rows { get; } = [];

    /// <summary>The verdicts that the app read.</summary>
    public ConcurrentQueue<ThreatVerdict?> Verdicts { get; } = [];

    public IServiceProvider Services => _site.Services;

    public static async Task<ScoredSite> StartAsync(
        Action<ThreatScoringOptions>? configure = null, Action<IServiceCollection>? services = null, Action<WebApplication>? map = null)
    {
        TestLoggerProvider log = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        ScoredSite scored = null!;
        FakeRelayModel model = FakeRelayModel.CreateClassifier("threats", HttpFeatureSchema.Names, ["safe", "attack"], row =>
        {
            scored.Rows.Enqueue(row);
            float score = row[13] / 10;
            return [1 - score, score];
        });
        builder.Services.AddSingleton<IRelayModel>(model);
        builder.Services.AddThreatScoring(configure);
        services?.Invoke(builder.Services);
        WebApplication site = builder.Build();
        scored = new(site, model, log);
        site.UseThreatScoring();
        map?.Invoke(site);
        site.MapGet("/login", () => Results.Unauthorized());
        site.MapFallback(context =>
        {
            context.TryGetThreatVerdict(out ThreatVerdict? verdict);
            scored.Verdicts.Enqueue(verdict);
            return context.Response.WriteAsync("answer of the app");
        });
        await site.StartAsync();
        scored.Client = new HttpClient { BaseAddress = new Uri(site.Urls.Single()) };
        return scored;
    }

    /// <summary>A target of a score in tenths, from 1.</summary>
    public static string TargetOf(int tenths) => "/page?attack" + new string('&', tenths - 1);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _site.DisposeAsync();
    }
}

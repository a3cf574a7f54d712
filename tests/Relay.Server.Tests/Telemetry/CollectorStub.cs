using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Relay.Server.Tests.Telemetry;

/// <summary>Takes what is exported to it over HTTP.</summary>
internal sealed class CollectorStub : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, string Type, byte[] Body)> _received = [];
    private readonly WebApplication _app;

    private CollectorStub()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Run(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            _received.Enqueue((context.Request.Path, context.Request.ContentType ?? "", body.ToArray()));
        });
    }

    public Uri Address => new(_app.Urls.Single());

    public IReadOnlyList<string> Types => [.. _received.Select(received => received.Type).Distinct()];

    public static async Task<CollectorStub> StartAsync()
    {
        CollectorStub stub = new();
        await stub._app.StartAsync();
        return stub;
    }

    /// <summary>What came to a path: names are readable in it.</summary>
    public string Read(string path) =>
        string.Concat(_received.Where(received => received.Path == path).Select(received => Encoding.Latin1.GetString(received.Body)));

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Relay.TestKit.Trust;

namespace Sync.Client.Tests.Push;

/// <summary>Lets a <see cref="RepositoryServer"/> send an event stream, whose events a test writes.</summary>
internal sealed class EventServer
{
    public const string Path = "v1/events";
    public const string Pace = "event: pace\ndata: {\"pollSeconds\":60}\n\n";

    private readonly ConcurrentQueue<Channel<string>> _open = [];

    public EventServer(RepositoryServer server) => server.Instead = async (http, path) =>
    {
        if (path != Path)
        {
            return await Other(http, path);
        }

        LastEventIds.Enqueue(http.Request.Headers["Last-Event-ID"].ToString());
        if (await Refuse(http))
        {
            return true;
        }

        Channel<string> texts = Channel.CreateUnbounded<string>();
        texts.Writer.TryWrite(Pace);
        _open.Enqueue(texts);
        http.Response.ContentType = "text/event-stream";
        try
        {
            await foreach (string text in texts.Reader.ReadAllAsync(http.RequestAborted))
            {
                await http.Response.WriteAsync(text, http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The node closed the stream.
        }

        return true;
    };

    /// <summary>Of each request for the stream, in order; empty where there was none.</summary>
    public ConcurrentQueue<string> LastEventIds { get; } = [];

    /// <summary>Answers in place of the stream; true when it did.</summary>
    public Func<HttpContext, Task<bool>> Refuse { get; set; } = _ => Task.FromResult(false);

    /// <summary>Answers other requests; true when it did.</summary>
    public Func<HttpContext, string, Task<bool>> Other { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Sends to the newest stream.</summary>
    public void Send(string text) => _open.Last().Writer.TryWrite(text);

    public void SendHint(long timestamp) =>
        Send($"event: metadata\nid: {timestamp}\ndata: {{\"timestamp\":{timestamp},\"spreadMs\":0}}\n\n");

    /// <summary>Ends the newest stream in order.</summary>
    public void End() => _open.Last().Writer.TryComplete();
}

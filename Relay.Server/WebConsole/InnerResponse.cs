using Microsoft.AspNetCore.Http.Features;

namespace Relay.Server.WebConsole;

/// <summary>The answer to a request of the process to itself, in memory. What is to happen before an answer starts happens when it is
/// whole.</summary>
internal sealed class InnerResponse : HttpResponseFeature, IDisposable
{
    private readonly Stack<(Func<object, Task> Callback, object State)> _starting = [];
    private readonly MemoryStream _body = new();
    private readonly StreamResponseBodyFeature _writer;

    public InnerResponse(FeatureCollection features)
    {
        _writer = new StreamResponseBodyFeature(_body);
        features.Set<IHttpResponseFeature>(this);
        features.Set<IHttpResponseBodyFeature>(_writer);
    }

    public override void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

    /// <summary>The answer as a client has it.</summary>
    public async Task<HttpResponseMessage> FinishAsync(HttpRequestMessage request)
    {
        while (_starting.TryPop(out (Func<object, Task> Callback, object State) next))
        {
            await next.Callback(next.State);
        }

        await _writer.CompleteAsync();
        HttpResponseMessage response = new((System.Net.HttpStatusCode)StatusCode)
        {
            RequestMessage = request,
            Content = new ByteArrayContent(_body.ToArray()),
        };
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                response.Content.Headers.Remove(name);
                response.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return response;
    }

    public void Dispose() => _writer.Dispose();
}

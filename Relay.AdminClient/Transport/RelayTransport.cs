using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Shared.Contracts.Api;

namespace Relay.AdminClient.Transport;

/// <summary>Sends requests to a relay and reads its answers: what is no success is a <see cref="RelayException"/>.</summary>
internal sealed class RelayTransport(HttpClient http) : IDisposable
{
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        return await ReadAsync(request, type, cancellationToken).ConfigureAwait(false);
    }

    public async Task<string> GetTextAsync(string path, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        using HttpResponseMessage response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>All items of a list, page by page.</summary>
    public async IAsyncEnumerable<T> ListAsync<T>(
        string path, JsonTypeInfo<Page<T>> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            Page<T> page = await GetAsync(new QueryText().Add("cursor", cursor).ToPath(path), type, cancellationToken).ConfigureAwait(false);
            foreach (T item in page.Items)
            {
                yield return item;
            }

            cursor = page.Next;
        }
        while (cursor is not null);
    }

    /// <summary>Sends what has neither a body nor an answer of its own.</summary>
    public async Task SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, path);
        using HttpResponseMessage response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends what has no body.</summary>
    public async Task<T> SendAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, path);
        return await ReadAsync(request, type, cancellationToken).ConfigureAwait(false);
    }

    public async Task<TAnswer> SendAsync<TBody, TAnswer>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType,
        CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, path) { Content = JsonContent.Create(body, bodyType) };
        return await ReadAsync(request, answerType, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Requests a change that key holders may have to sign.</summary>
    public async Task<Proposal<TAnswer>> ProposeAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
        where TAnswer : class
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = JsonContent.Create(body, bodyType) };
        using HttpResponseMessage response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.Accepted
            ? new(null, await ReadAsync(response, RelayApiJson.Default.PendingNotice, cancellationToken).ConfigureAwait(false))
            : new(await ReadAsync(response, answerType, cancellationToken).ConfigureAwait(false), null);
    }

    /// <summary>Sends bytes, with the headers that have a value.</summary>
    public async Task<T> SendFileAsync<T>(
        string path, ReadOnlyMemory<byte> file, IEnumerable<(string Name, string? Value)> headers, JsonTypeInfo<T> type,
        CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new ReadOnlyMemoryContent(file) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        foreach ((string name, string? value) in headers.Where(header => header.Value is not null))
        {
            request.Headers.Add(name, value);
        }

        return await ReadAsync(request, type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a JSON text as it is, so that errors name its lines.</summary>
    public async Task<T> SendTextAsync<T>(HttpMethod method, string path, byte[] json, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, path) { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await ReadAsync(request, type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a file as it is read, and closes it.</summary>
    /// <param name="content">One that can seek is read again from where it stands, where the relay asks for a second try.</param>
    public async Task<T> SendStreamAsync<T>(
        string path, Stream content, string mediaType, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new StreamContent(content) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        request.Options.Set(RetryAfterHandler.IsReadOnce, !content.CanSeek);
        return await ReadAsync(request, type, cancellationToken).ConfigureAwait(false);
    }

    public Task DownloadAsync(string path, Stream destination, CancellationToken cancellationToken) => DownloadAsync(
        path,
        async response =>
        {
            Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                await body.CopyToAsync(destination, cancellationToken).ConfigureAwait(false);
            }
        },
        cancellationToken);

    /// <summary>Hands over an answer of success as it comes.</summary>
    public async Task DownloadAsync(string path, Func<HttpResponseMessage, Task> take, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        using HttpResponseMessage response =
            await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        await take(response).ConfigureAwait(false);
    }

    /// <summary>The items of a stream of server-sent events, to its end.</summary>
    public async IAsyncEnumerable<T> FollowAsync<T>(
        string path, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        using HttpResponseMessage response =
            await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            SseParser<T?> events = SseParser.Create(body, (_, data) => JsonSerializer.Deserialize(data, type));
            await foreach (SseItem<T?> item in events.EnumerateAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return item.Data ?? throw new RelayException("The relay sent null.");
            }
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<T> ReadAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, type, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        await response.Content.ReadFromJsonAsync(type, cancellationToken).ConfigureAwait(false)
            ?? throw new RelayException("The relay answered null.");

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);

    /// <summary>An answer of success. A time limit ends a request by a cancellation, and the caller's own one must stay one.</summary>
    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, completion, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RelayException($"{http.BaseAddress} did not answer in time: check the address, the network and whether the relay runs.");
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await RelayProblem.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        }
    }
}

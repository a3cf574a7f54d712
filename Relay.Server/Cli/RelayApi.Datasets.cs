using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;

namespace Relay.Server.Cli;

// What datasets need beside the rest.
internal sealed partial class RelayApi
{
    /// <summary>How long an upload or an export may take.</summary>
    public static readonly TimeSpan TransferTime = TimeSpan.FromHours(1);

    public async Task<TAnswer> PutAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await AnswerAsync(http.PutAsJsonAsync(path, body, bodyType, cancellationToken), cancellationToken);
        return await ReadAsync(response, answerType, cancellationToken);
    }

    /// <summary>Sends a file as it is read.</summary>
    /// <param name="content">It can be read again from where it stands, for a second try.</param>
    public async Task<T> PostStreamAsync<T>(
        string path, Stream content, string contentType, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using StreamContent body = new(content);
        body.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        using HttpResponseMessage response = await AnswerAsync(http.PostAsync(path, body, cancellationToken), cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }
}

using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization.Metadata;
using Relay.AdminClient;
using Relay.AdminClient.Transport;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary>The relay that a command asks: the typed client, and beside it the routes by their paths.</summary>
internal sealed partial class RelayApi(RelayTransport transport) : IDisposable
{
    public RelayApi(HttpClient http)
        : this(new RelayTransport(http))
    {
    }

    public RelayAdminClient Client { get; } = new(transport);

    /// <param name="certificateAuthority">The PEM file of the only authority to trust; null: the system's authorities.</param>
    /// <param name="key">The admin key; null for the open routes only.</param>
    /// <exception cref="RelayException">The PEM file cannot be used.</exception>
    public static RelayApi Connect(Uri relay, string? certificateAuthority, string? key) =>
        new(CreateClient(relay, certificateAuthority, key));

    /// <summary>A connection that trusts the relay.</summary>
    /// <param name="key">An API key; null for the open routes only.</param>
    /// <exception cref="RelayException">The PEM file cannot be used.</exception>
    public static HttpClient CreateClient(Uri relay, string? certificateAuthority, string? key, TimeSpan? requestTime = null) =>
        RelayConnector.CreateClient(relay, certificateAuthority is null ? null : Pin(certificateAuthority), key, null, requestTime);

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        transport.GetAsync(path, type, cancellationToken);

    /// <summary>Hands over the body of an answer as it comes.</summary>
    public Task DownloadAsync(string path, Func<Stream, Task> take, CancellationToken cancellationToken) => transport.DownloadAsync(
        path,
        async response =>
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            await take(body);
        },
        cancellationToken);

    public Task<TAnswer> PostAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken) =>
        transport.SendAsync(HttpMethod.Post, path, body, bodyType, answerType, cancellationToken);

    /// <summary>A POST without a body.</summary>
    public Task<T> PostAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        transport.SendAsync(HttpMethod.Post, path, type, cancellationToken);

    /// <summary>Sends the bytes of a spec file unchanged, so that the relay's errors name the lines of the file.</summary>
    public Task<ModelView> PutSpecAsync(string name, byte[] spec, CancellationToken cancellationToken) =>
        transport.SendTextAsync(HttpMethod.Put, Routes.ModelOf(name), spec, RelayApiJson.Default.ModelView, cancellationToken);

    /// <summary>Sends a file, with the headers that have a value.</summary>
    public Task<T> PostFileAsync<T>(
        string path, byte[] file, IEnumerable<(string Name, string? Value)> headers, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        transport.SendFileAsync(path, file, headers, type, cancellationToken);

    /// <summary>Deletes what has no answer of its own.</summary>
    public Task DeleteAsync(string path, CancellationToken cancellationToken) =>
        transport.SendAsync(HttpMethod.Delete, path, cancellationToken);

    /// <summary>Posts what has neither a body nor an answer of its own.</summary>
    public Task PostAsync(string path, CancellationToken cancellationToken) => transport.SendAsync(HttpMethod.Post, path, cancellationToken);

    public Task<T> DeleteAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        transport.SendAsync(HttpMethod.Delete, path, type, cancellationToken);

    public void Dispose() => transport.Dispose();

    internal static X509ChainPolicy Pin(string certificateAuthority) => RelayConnector.Pin(certificateAuthority);
}

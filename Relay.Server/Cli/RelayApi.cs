using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Cms;

namespace Relay.Server.Cli;

/// <summary>A client of the HTTPS interface of a running relay.</summary>
internal sealed partial class RelayApi(HttpClient http) : IDisposable
{
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(100);

    /// <summary>A network that drops packets answers nothing: without a limit, a connection is tried for minutes.</summary>
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);

    /// <param name="certificateAuthority">The PEM file of the only authority to trust; null: the system's authorities.</param>
    /// <param name="key">The admin key; null for the open routes only.</param>
    /// <param name="requestTime">How long a request may take; null for the usual time.</param>
    /// <exception cref="RelayApiException">The PEM file cannot be used.</exception>
    public static RelayApi Connect(Uri relay, string? certificateAuthority, string? key, TimeSpan? requestTime = null) =>
        new(CreateClient(relay, certificateAuthority, key, requestTime));

    /// <summary>A connection that trusts the relay.</summary>
    /// <param name="key">An API key; null for the open routes only.</param>
    /// <exception cref="RelayApiException">The PEM file cannot be used.</exception>
    public static HttpClient CreateClient(Uri relay, string? certificateAuthority, string? key, TimeSpan? requestTime = null) =>
        CreateClient(relay, certificateAuthority is null ? null : Pin(certificateAuthority), key, requestTime);

    /// <param name="trust">The authorities to trust; null: the system's.</param>
    public static HttpClient CreateClient(Uri relay, X509ChainPolicy? trust, string? key, TimeSpan? requestTime)
    {
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, ConnectTimeout = ConnectTime };
        handler.SslOptions.CertificateChainPolicy = trust;

        HttpClient http = new(new IdempotencyHandler(new RetryAfterHandler(handler, TimeProvider.System), TimeProvider.System))
        {
            BaseAddress = relay,
            Timeout = requestTime ?? RequestTime,
        };
        if (key is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return http;
    }

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await AnswerAsync(http.GetAsync(path, cancellationToken), cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    /// <summary>Hands over the body of an answer as it comes.</summary>
    public async Task DownloadAsync(string path, Func<Stream, Task> take, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await AnswerAsync(
            http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken), cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw await ReadProblemAsync(response, cancellationToken);
        }

        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await take(body);
    }

    public async Task<TAnswer> PostAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await AnswerAsync(http.PostAsJsonAsync(path, body, bodyType, cancellationToken), cancellationToken);
        return await ReadAsync(response, answerType, cancellationToken);
    }

    /// <summary>A POST without a body.</summary>
    public async Task<T> PostAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await AnswerAsync(http.PostAsync(path, null, cancellationToken), cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    /// <summary>Requests a change that key holders may have to sign: the answer, or the id of the pending change.</summary>
    public async Task<(TAnswer? Answer, PendingNotice? Pending)> ProposeAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
        where TAnswer : class
    {
        using HttpResponseMessage response = await AnswerAsync(http.PostAsJsonAsync(path, body, bodyType, cancellationToken), cancellationToken);
        return response.StatusCode == HttpStatusCode.Accepted
            ? (null, await ReadAsync(response, RelayApiJson.Default.PendingNotice, cancellationToken))
            : (await ReadAsync(response, answerType, cancellationToken), null);
    }

    /// <summary>Sends the bytes of a spec file unchanged, so that the relay's errors name the lines of the file.</summary>
    public async Task<ModelView> PutSpecAsync(string name, byte[] spec, CancellationToken cancellationToken)
    {
        using ByteArrayContent content = new(spec);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await AnswerAsync(
            http.PutAsync($"{Routes.Models}/{Uri.EscapeDataString(name)}", content, cancellationToken), cancellationToken);
        return await ReadAsync(response, RelayApiJson.Default.ModelView, cancellationToken);
    }

    /// <summary>Sends a file, with the headers that have a value.</summary>
    public async Task<T> PostFileAsync<T>(
        string path, byte[] file, IEnumerable<(string Name, string? Value)> headers, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new ByteArrayContent(file) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        foreach ((string name, string? value) in headers.Where(h => h.Value is not null))
        {
            request.Headers.Add(name, value);
        }

        using HttpResponseMessage response = await AnswerAsync(http.SendAsync(request, cancellationToken), cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    public async Task<TrainingRun> CancelAsync(long run, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response =
            await AnswerAsync(http.PostAsync($"{Routes.TrainingRuns}/{run}/cancel", null, cancellationToken), cancellationToken);
        return await ReadAsync(response, RelayApiJson.Default.TrainingRun, cancellationToken);
    }

    /// <summary>Deletes what has no answer of its own.</summary>
    public Task DeleteAsync(string path, CancellationToken cancellationToken) =>
        ExpectNoContentAsync(http.DeleteAsync(path, cancellationToken), cancellationToken);

    /// <summary>Posts what has neither a body nor an answer of its own.</summary>
    public Task PostAsync(string path, CancellationToken cancellationToken) =>
        ExpectNoContentAsync(http.PostAsync(path, null, cancellationToken), cancellationToken);

    public async Task<T> DeleteAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await AnswerAsync(http.DeleteAsync(path, cancellationToken), cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    public void Dispose() => http.Dispose();

    internal static X509ChainPolicy Pin(string certificateAuthority)
    {
        X509Certificate2Collection roots = [];
        try
        {
            roots.ImportFromPemFile(certificateAuthority);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new RelayApiException($"Cannot read the certificate authority '{certificateAuthority}': {e.Message}");
        }

        return PinnedChainPolicy.Create(roots);
    }

    internal static X509ChainPolicy PinText(string pem) => PinnedChainPolicy.Create(ReadAuthorities(pem));

    internal static X509Certificate2Collection ReadAuthorities(string pem)
    {
        X509Certificate2Collection roots = [];
        try
        {
            roots.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new RelayApiException($"Cannot read the certificate authority: {e.Message}");
        }

        return roots;
    }

    /// <summary>A time limit ends a request by a cancellation, and the caller's own one must stay one.</summary>
    private async Task<HttpResponseMessage> AnswerAsync(Task<HttpResponseMessage> request, CancellationToken cancellationToken)
    {
        try
        {
            return await request;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RelayApiException($"{http.BaseAddress} did not answer in time: check the address, the network and whether the relay runs.");
        }
    }

    private async Task ExpectNoContentAsync(Task<HttpResponseMessage> request, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await AnswerAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.NoContent)
        {
            throw await ReadProblemAsync(response, cancellationToken);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken)
                ?? throw new RelayApiException("The relay answered null.");
        }

        throw await ReadProblemAsync(response, cancellationToken);
    }

    private static async Task<RelayApiException> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return new RelayApiException($"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode} and is not a relay.");
        }

        using JsonDocument problem = JsonDocument.Parse(text);
        string detail = problem.RootElement.TryGetProperty("detail", out JsonElement detailElement)
            ? detailElement.GetString() ?? ""
            : response.ReasonPhrase ?? "";
        string errors = problem.RootElement.TryGetProperty("errors", out JsonElement listed)
            ? string.Concat(listed.EnumerateObject().Select(e => DisplayText.Format($"\n  {e.Name}: {e.Value}")))
            : "";
        return new RelayApiException(
            DisplayText.Escape(detail) + errors,
            problem.RootElement.TryGetProperty("type", out JsonElement typeElement) ? typeElement.GetString() : null);
    }
}

using System.Net;
using System.Text.Json;
using Relay.Training.Federated;

namespace Relay.Server.Federation;

/// <summary>Reads the answers of a coordinator: none of them is taken for more than it may be, and every refusal is a reason.</summary>
internal static class CoordinatorAnswer
{
    /// <exception cref="RoundException">The coordinator refuses the request, or the round has ended.</exception>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient http, string path, byte[] body, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(body),
            Version = http.DefaultRequestVersion,
            VersionPolicy = http.DefaultVersionPolicy,
        };
        HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            await using Stream answer = await response.Content.ReadAsStreamAsync(cancellationToken);
            RoundEnd end = response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Conflict
                ? Parse(await ReadShortAsync(answer, cancellationToken))
                : new RoundEnd(null, $"{http.BaseAddress} answered {(int)response.StatusCode}: it is no coordinator of a round");
            throw new RoundException(end.Fault ?? RoundFault.CoordinatorLost, end.Detail);
        }
    }

    public static async Task<byte[]> ReadShortAsync(Stream body, CancellationToken cancellationToken)
    {
        const int MaxBytes = 64 * 1024;
        byte[] text = new byte[MaxBytes];
        int read = await body.ReadAtLeastAsync(text, MaxBytes, throwOnEndOfStream: false, cancellationToken);
        return text[..read];
    }

    public static RoundEnd Parse(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, FederationJson.Default.RoundEnd) ?? throw new JsonException("null");
        }
        catch (JsonException)
        {
            return new RoundEnd(RoundFault.CoordinatorLost, "The coordinator ended the connection and gave no reason; nothing was trained");
        }
    }
}

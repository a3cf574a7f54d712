using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Sync.Node.Tests.Rest;

/// <summary>A client after the public documents of the protocol. It shares no code with the server.</summary>
public sealed class RestClient : IDisposable
{
    private const string JsonLength = "Inference-Header-Content-Length";
    private readonly HttpClient _http;

    public RestClient(Uri address) => _http = new() { BaseAddress = address };

    /// <param name="socket">A Unix socket.</param>
    public RestClient(string socket) => _http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    {
        BaseAddress = new("http://localhost"),
    };

    public async Task<RestReply> GetAsync(string path)
    {
        using HttpResponseMessage response = await _http.GetAsync(path);
        return await ReadAsync(response);
    }

    public Task<RestReply> PostAsync(string path, string json) => PostAsync(path, json, []);

    /// <param name="binary">What follows the JSON.</param>
    /// <param name="jsonLength">What the header says; null: the truth, where there is something after the JSON.</param>
    public async Task<RestReply> PostAsync(string path, string json, byte[] binary, string? jsonLength = null)
    {
        byte[] head = Encoding.UTF8.GetBytes(json);
        using ByteArrayContent content = new([.. head, .. binary]);
        content.Headers.ContentType = new MediaTypeHeaderValue(binary.Length == 0 ? "application/json" : "application/octet-stream");
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = content };
        request.Headers.ExpectContinue = head.Length + binary.Length > 1 << 19;
        if ((jsonLength ?? (binary.Length > 0 ? head.Length.ToString(CultureInfo.InvariantCulture) : null)) is { } length)
        {
            request.Headers.Add(JsonLength, length);
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        return await ReadAsync(response);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<RestReply> ReadAsync(HttpResponseMessage response)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        int length = response.Headers.TryGetValues(JsonLength, out IEnumerable<string>? values)
            ? int.Parse(values.Single(), CultureInfo.InvariantCulture)
            : body.Length;
        using JsonDocument json = JsonDocument.Parse(body.AsMemory(0, length));
        return new((int)response.StatusCode, json.RootElement.Clone(), body[length..]);
    }
}

/// <param name="Binary">What follows the JSON.</param>
public sealed record RestReply(int Status, JsonElement Json, byte[] Binary)
{
    public string Error => Json.GetProperty("error").GetString()!;

    public JsonElement Output(string name) => Json.GetProperty("outputs").EnumerateArray().Single(o => o.GetProperty("name").GetString() == name);

    public float[] Numbers(string output) => [.. Output(output).GetProperty("data").EnumerateArray().Select(n => n.ValueKind is JsonValueKind.Null
        ? float.NaN
        : n.GetSingle())];

    public string[] Texts(string output) => [.. Output(output).GetProperty("data").EnumerateArray().Select(t => t.GetString()!)];
}

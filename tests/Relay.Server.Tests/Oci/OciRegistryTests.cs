using System.IO.Pipelines;
using System.Net;
using System.Text;
using Relay.Server.Oci;

namespace Relay.Server.Tests.Oci;

/// <summary>A registry whose answers a test makes up.</summary>
public sealed partial class OciRegistryTests : IDisposable
{
    private static readonly byte[] Content = "the model"u8.ToArray();
    private static readonly OciDescriptor Blob = OciDescriptor.Create("application/octet-stream", Content);

    private readonly Dictionary<string, Func<HttpResponseMessage>> _answers = new(StringComparer.Ordinal);
    private readonly List<(string Request, string? Authorization)> _sent = [];
    private readonly HttpClient _http;
    private readonly OciRegistry _registry;

    public OciRegistryTests()
    {
        _http = new(new Stub(Answer)) { BaseAddress = new("https://registry.example.com") };
        _registry = new(_http, new("registry.example.com", "fraud", "3"), new("a-token"));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Theory]
    [Trait("Attack", "oci-registry")]
    [InlineData("the modem")]
    [InlineData("the model and more")]
    [InlineData("the")]
    public async Task ReadBlob_OtherBytes_AreRefused(string sent)
    {
        _answers[$"GET /v2/fraud/blobs/{Blob.Digest}"] = () => Ok(sent);

        await Assert.ThrowsAsync<InvalidDataException>(() => _registry.ReadBlobAsync(Blob, Cancel));
    }

    [Fact]
    [Trait("Attack", "oci-registry")]
    public async Task FindManifest_OfADigestWithOtherBytes_IsRefused()
    {
        _answers[$"GET /v2/fraud/manifests/{Blob.Digest}"] = () => Ok("{}");

        await Assert.ThrowsAsync<InvalidDataException>(() => _registry.FindManifestAsync(Blob.Digest, Cancel));
    }

    [Fact]
    [Trait("Attack", "oci-registry")]
    public async Task ReadBlob_LedElsewhere_FollowsByTlsWithoutCredentials()
    {
        _answers[$"GET /v2/fraud/blobs/{Blob.Digest}"] = () => To("https://storage.example.com/blob");
        _answers["GET /blob"] = () => Ok("the model");

        Assert.Equal(Content, await _registry.ReadBlobAsync(Blob, Cancel));

        Assert.Equal([("GET /v2/fraud/blobs/" + Blob.Digest, "Bearer a-token"), ("GET /blob", null)], _sent);
    }

    [Theory]
    [Trait("Attack", "oci-registry")]
    [InlineData("http://storage.example.com/blob")]
    [InlineData("http://localhost/blob")]
    [InlineData("//:80")]
    public async Task ReadBlob_LedElsewhereWithoutTls_IsRefused(string address)
    {
        _answers[$"GET /v2/fraud/blobs/{Blob.Digest}"] = () => To(address);

        await Assert.ThrowsAsync<HttpRequestException>(() => _registry.ReadBlobAsync(Blob, Cancel));

        Assert.Single(_sent);
    }

    [Theory]
    [Trait("Attack", "oci-registry")]
    [InlineData("https://other.example.com/upload")]
    [InlineData("//:80")]
    public async Task PushBlob_UploadLedToAnotherHost_SendsNothingThere(string address)
    {
        _answers["POST /v2/fraud/blobs/uploads/"] = () => To(address, HttpStatusCode.Accepted);

        await Assert.ThrowsAsync<HttpRequestException>(() => _registry.PushBlobAsync(Blob, Content, Cancel));

        Assert.DoesNotContain(_sent, sent => sent.Request.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_RegistryThatStopsInTheMiddle_Ends()
    {
        Pipe pipe = new();
        await pipe.Writer.WriteAsync(Content, Cancel);
        using HttpResponseMessage response = new(HttpStatusCode.OK) { Content = new StreamContent(pipe.Reader.AsStream()) };

        await Assert.ThrowsAsync<IOException>(() => OciContent.ReadAsync(response, limit: 100, grace: TimeSpan.FromMilliseconds(10), Cancel));
    }

    private static HttpResponseMessage Ok(string text) => new(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text)) };

    private static HttpResponseMessage To(string address, HttpStatusCode status = HttpStatusCode.TemporaryRedirect) =>
        new(status) { Headers = { Location = new(address, UriKind.RelativeOrAbsolute) } };

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        string name = $"{request.Method} {request.RequestUri!.PathAndQuery}";
        _sent.Add((name, request.Headers.Authorization?.ToString()));
        HttpResponseMessage response = _answers.TryGetValue(name, out Func<HttpResponseMessage>? create) ? create() : new(HttpStatusCode.NotFound);
        response.RequestMessage = request;
        return response;
    }

    private sealed class Stub(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }
}

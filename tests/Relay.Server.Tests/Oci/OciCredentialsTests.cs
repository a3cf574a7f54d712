using System.Net;
using System.Net.Http.Headers;
using Relay.Server.Oci;

namespace Relay.Server.Tests.Oci;

/// <summary>Registries that hand out tokens.</summary>
public sealed class OciCredentialsTests
{
    private const string Challenge = "realm=\"https://auth.example.com/token\",service=\"registry.example.com\",scope=\"repository:fraud:pull,push\"";

    [Fact]
    public async Task Answer_RegistryThatNamesARealm_SendsThePasswordThereAndTakesItsToken()
    {
        Stub stub = new("""{"token":"abc"}""");
        using HttpClient http = Client(stub);

        AuthenticationHeaderValue? answer = await new OciCredentials("ci:secret").AnswerAsync(http, Challenges("Bearer", Challenge), Cancel);

        Assert.Equal("Bearer abc", answer?.ToString());
        HttpRequestMessage request = Assert.Single(stub.Requests);
        Assert.Equal(
            "https://auth.example.com/token?service=registry.example.com&scope=repository%3Afraud%3Apull%2Cpush", request.RequestUri!.AbsoluteUri);
        Assert.Equal("Basic Y2k6c2VjcmV0", request.Headers.Authorization?.ToString());
    }

    [Theory]
    [InlineData("realm=\"http://auth.example.com/token\"")]
    [InlineData("realm=\"http://localhost/token\"")]
    [InlineData("realm=\"file:///etc/passwd\"")]
    [InlineData("service=\"x\"")]
    [Trait("Attack", "oci-registry")]
    public async Task Answer_RealmWithoutTls_GetsNoPassword(string challenge)
    {
        Stub stub = new("""{"token":"abc"}""");
        using HttpClient http = Client(stub);

        await Assert.ThrowsAsync<HttpRequestException>(
            () => new OciCredentials("ci:secret").AnswerAsync(http, Challenges("Bearer", challenge), Cancel));

        Assert.Empty(stub.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc\\r\\nX-Other: 1")]
    [Trait("Attack", "oci-registry")]
    public async Task Answer_TokenThatNoHeaderCanHold_IsRefused(string token)
    {
        using HttpClient http = Client(new($$"""{"token":"{{token}}"}"""));

        await Assert.ThrowsAsync<HttpRequestException>(
            () => new OciCredentials("ci:secret").AnswerAsync(http, Challenges("Bearer", Challenge), Cancel));
    }

    [Fact]
    public async Task Answer_Basic_SendsThePassword()
    {
        using HttpClient http = Client(new(""));

        AuthenticationHeaderValue? answer = await new OciCredentials("ci:secret").AnswerAsync(http, Challenges("Basic", "realm=\"x\""), Cancel);
        AuthenticationHeaderValue? none = await new OciCredentials(null).AnswerAsync(http, Challenges("Basic", "realm=\"x\""), Cancel);

        Assert.Equal("Basic Y2k6c2VjcmV0", answer?.ToString());
        Assert.Null(none);
        Assert.Equal("Bearer abc", new OciCredentials("abc").First?.ToString());
        Assert.Null(new OciCredentials("ci:secret").First);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static HttpClient Client(Stub stub) => new(stub) { BaseAddress = new("https://registry.example.com") };

    private static HttpHeaderValueCollection<AuthenticationHeaderValue> Challenges(string scheme, string parameter)
    {
        HttpResponseMessage response = new(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.Add(new(scheme, parameter));
        return response.Headers.WwwAuthenticate;
    }

    private sealed class Stub(string answer) : HttpMessageHandler
    {
        public List<HttpRequestMessage> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add(request);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer) });
        }
    }
}

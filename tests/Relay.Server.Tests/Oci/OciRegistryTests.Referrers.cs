using System.Globalization;
using System.Net;
using Relay.Server.Oci;

namespace Relay.Server.Tests.Oci;

public sealed partial class OciRegistryTests
{
    [Fact]
    public async Task ListReferrers_RegistryWithTheApi_AsksForNoTag()
    {
        _answers[$"GET /v2/fraud/referrers/{Blob.Digest}"] = () => Ok(
            $$"""{"schemaVersion":2,"manifests":[{"mediaType":"a","digest":"{{Blob.Digest}}","size":9,"artifactType":"b"}]}""");

        Assert.Equal([Blob with { MediaType = "a" }], await _registry.ListReferrersAsync(Blob, Cancel));

        Assert.Single(_sent);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task ListReferrers_RegistryThatFails_DoesNotSeemToHaveNone(HttpStatusCode status)
    {
        _answers[$"GET /v2/fraud/referrers/{Blob.Digest}"] = () => new(status);

        await Assert.ThrowsAsync<HttpRequestException>(() => _registry.ListReferrersAsync(Blob, Cancel));
    }

    [Theory]
    [InlineData("</v2/fraud/referrers/{0}?n=1&last=a>; rel=\"next\"")]
    [InlineData("<?n=1&last=a>;rel=next")]
    [InlineData("<https://registry.example.com/v2/fraud/referrers/{0}?n=1&last=a>; title=\"x\"; REL=\"last next\"")]
    [InlineData("</v2/fraud/referrers/{0}>; rel=\"first\", <?n=1&last=a>; rel=\"next\"")]
    public async Task ListReferrers_InPages_ReadsThemAll(string link)
    {
        OciDescriptor other = OciDescriptor.Create("a", "other"u8);
        _answers[$"GET /v2/fraud/referrers/{Blob.Digest}"] = () => Page([Blob], string.Format(CultureInfo.InvariantCulture, link, Blob.Digest));
        _answers[$"GET /v2/fraud/referrers/{Blob.Digest}?n=1&last=a"] = () => Page([other], "<?n=1>; rel=\"first\"");

        Assert.Equal([Blob, other], await _registry.ListReferrersAsync(Blob, Cancel));

        Assert.Equal(["Bearer a-token", "Bearer a-token"], _sent.Select(sent => sent.Authorization));
    }

    [Theory]
    [Trait("Attack", "oci-registry")]
    [InlineData("https://other.example.com/v2/fraud/referrers?page=2")]
    [InlineData("http://registry.example.com/v2/fraud/referrers?page=2")]
    [InlineData("//:80")]
    public async Task ListReferrers_NextPageAtAnotherPlace_SendsNothingThere(string address)
    {
        _answers[$"GET /v2/fraud/referrers/{Blob.Digest}"] = () => Page([Blob], $"<{address}>; rel=\"next\"");

        await Assert.ThrowsAsync<HttpRequestException>(() => _registry.ListReferrersAsync(Blob, Cancel));

        Assert.Single(_sent);
    }

    [Fact]
    [Trait("Attack", "oci-registry")]
    public async Task ListReferrers_PagesWithoutEnd_AreRefused()
    {
        _answers[$"GET /v2/fraud/referrers/{Blob.Digest}"] = () => Page([], "<>; rel=\"next\"");

        await Assert.ThrowsAsync<InvalidDataException>(() => _registry.ListReferrersAsync(Blob, Cancel));
    }

    [Fact]
    [Trait("Attack", "oci-registry")]
    public async Task ListReferrers_TooManyInPages_AreRefused()
    {
        OciDescriptor[] many = [.. Enumerable.Repeat(Blob, 501)];
        _answers[$"GET /v2/fraud/referrers/{Blob.Digest}"] = () => Page(many, "<?page=2>; rel=\"next\"");
        _answers[$"GET /v2/fraud/referrers/{Blob.Digest}?page=2"] = () => Page(many, "<>; rel=\"first\"");

        await Assert.ThrowsAsync<InvalidDataException>(() => _registry.ListReferrersAsync(Blob, Cancel));
    }

    [Fact]
    public async Task ListReferrers_SecondPageIsMissing_DoesNotSeemToBeTheEnd()
    {
        _answers[$"GET /v2/fraud/referrers/{Blob.Digest}"] = () => Page([Blob], "<?page=2>; rel=\"next\"");

        await Assert.ThrowsAsync<HttpRequestException>(() => _registry.ListReferrersAsync(Blob, Cancel));
    }

    [Fact]
    public async Task ListReferrers_RegistryWithoutTheApi_AsksForTheTag()
    {
        _answers[$"GET /v2/fraud/manifests/{Blob.Digest.Replace(':', '-')}"] = () => Ok(
            $$"""{"schemaVersion":2,"manifests":[{"mediaType":"a","digest":"{{Blob.Digest}}","size":9}]}""");

        Assert.Equal([Blob with { MediaType = "a" }], await _registry.ListReferrersAsync(Blob, Cancel));
    }

    private static HttpResponseMessage Page(OciDescriptor[] listed, string link)
    {
        HttpResponseMessage page = Ok($$"""{"schemaVersion":2,"manifests":[{{string.Join(',', listed.Select(one => one.ToJson().ToJsonString()))}}]}""");
        page.Headers.TryAddWithoutValidation("Link", link);
        return page;
    }
}

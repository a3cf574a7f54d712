using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Relay.Server.Http.Files;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http.Files;

/// <summary>Reads of open files without a credential take a shorter way: they are answered as all others are.</summary>
public sealed class OpenFileTests(PublishedRelay fixture) : IDisposable
{
    private const string Timestamp = $"{Routes.Metadata}/timestamp.json";
    private const string Root = $"{Routes.Metadata}/1.root.json";

    private readonly HttpClient _withKey = fixture.Relay.CreateClient(fixture.Relay.AdminKey);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _withKey.Dispose();

    [Theory]
    [InlineData(Timestamp)]
    [InlineData(Root)]
    [InlineData($"{Routes.Metadata}/9.root.json")]
    [InlineData($"{Routes.Metadata}/%2e%2e")]
    public async Task Get_Anonymously_IsAnsweredAsWithAKey(string path)
    {
        foreach (string condition in new[] { "none", "tag", "other tag", "any tag", "tag and time", "match" })
        {
            string known = await TagAsync(Timestamp.Equals(path, StringComparison.Ordinal) ? path : Root);

            string anonymous = await DescribeAsync(fixture.Relay.Anonymous, path, condition, known);

            Assert.Equal(await DescribeAsync(_withKey, path, condition, known), anonymous);
        }
    }

    [Theory]
    [InlineData(Timestamp)]
    [InlineData(Root)]
    public async Task Get_OneOfSeveralTags_IsNotModified(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"other\""));
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(await TagAsync(path)));

        using HttpResponseMessage response = await fixture.Relay.Anonymous.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
    }

    [Fact]
    public async Task Get_OfTheOneAddress_IsLimited()
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { RequestsPerSecondAndAddress = 1 });
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => relay.Anonymous.GetAsync(Timestamp, Cancel)));

        Assert.Contains(responses, response => response.StatusCode == HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Get_LargeFile_IsWholeAndCanBeResumed()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        byte[] content = RandomNumberGenerator.GetBytes((3 * IntactFileResult.ChunkBytes) + 17);
        string name = $"{Convert.ToHexStringLower(SHA256.HashData(content))}.large.onnx";
        await File.WriteAllBytesAsync(Path.Combine(relay.DataFolder, "repository", "targets", name), content, Cancel);

        byte[] whole = await relay.Anonymous.GetByteArrayAsync($"{Routes.Targets}/{name}", Cancel);
        using HttpRequestMessage request = new(HttpMethod.Get, $"{Routes.Targets}/{name}");
        request.Headers.Range = new RangeHeaderValue(content.Length - 10, null);
        using HttpResponseMessage rest = await relay.Anonymous.SendAsync(request, Cancel);

        Assert.Equal(content, whole);
        Assert.Equal(HttpStatusCode.PartialContent, rest.StatusCode);
        Assert.Equal(content[^10..], await rest.Content.ReadAsByteArrayAsync(Cancel));
    }

    private async Task<string> TagAsync(string path)
    {
        using HttpResponseMessage response = await _withKey.GetAsync(path, Cancel);
        return response.Headers.ETag!.Tag;
    }

    private static async Task<string> DescribeAsync(HttpClient client, string path, string condition, string known)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        switch (condition)
        {
            case "tag" or "tag and time":
                request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(known));
                request.Headers.IfModifiedSince = condition == "tag" ? null : DateTimeOffset.UnixEpoch;
                break;
            case "other tag":
                request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"other\""));
                break;
            case "any tag":
                request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
                break;
            case "match":
                request.Headers.IfMatch.Add(new EntityTagHeaderValue("\"other\""));
                break;
        }

        using HttpResponseMessage response = await client.SendAsync(request, Cancel);
        string body = Convert.ToHexStringLower(SHA256.HashData(await response.Content.ReadAsByteArrayAsync(Cancel)));
        IEnumerable<string> headers = response.Headers.Concat(response.Content.Headers)
            .Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order(StringComparer.Ordinal);
        return $"{response.StatusCode} {string.Join('\n', headers)} {body}";
    }
}

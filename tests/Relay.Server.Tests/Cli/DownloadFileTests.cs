using System.Net;
using Relay.AdminClient;
using Relay.Server.Cli;
using Relay.TestKit;
using Shared.Contracts.Nodes;

namespace Relay.Server.Tests.Cli;

public sealed class DownloadFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.Combine("export.csv");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task DownloadFile_BodyOfItsDigest_ReplacesTheFile()
    {
        System.IO.File.WriteAllText(File, "of yesterday, and longer");
        using RelayApi relay = Open(HttpStatusCode.OK, "today"u8.ToArray(), ContentDigest.Create("today"u8));

        (long bytes, _) = await relay.DownloadFileAsync("/export", File, Cancel);

        Assert.Equal(("today", 5), (System.IO.File.ReadAllText(File), bytes));
        Assert.Single(Directory.EnumerateFiles(_folder.FullPath));
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "tod")]
    [InlineData(HttpStatusCode.NotFound, "today")]
    [Trait("Attack", "altered-samples")]
    public async Task DownloadFile_OtherBodyThanThatOfItsDigestOrNone_LeavesTheFileAsItWas(HttpStatusCode status, string body)
    {
        System.IO.File.WriteAllText(File, "of yesterday");
        using RelayApi relay = Open(status, System.Text.Encoding.UTF8.GetBytes(body), ContentDigest.Create("today"u8));

        await Assert.ThrowsAsync<RelayException>(() => relay.DownloadFileAsync("/export", File, Cancel));

        Assert.Equal("of yesterday", System.IO.File.ReadAllText(File));
        Assert.Single(Directory.EnumerateFiles(_folder.FullPath));
    }

    [Fact]
    public async Task Download_IntoADevice_IsRefusedBeforeTheRelayIsAsked()
    {
        using RelayApi relay = Open(HttpStatusCode.InternalServerError, [], "");

        CommandException refused = await Assert.ThrowsAsync<CommandException>(() => relay.DownloadFileAsync("/export", "/dev/stdout", Cancel));

        Assert.Contains("'/dev/stdout' is a device: name a file", refused.Message, StringComparison.Ordinal);
    }

    private static RelayApi Open(HttpStatusCode status, byte[] body, string digest) =>
        new(new HttpClient(new OneAnswer(status, body, digest)) { BaseAddress = new Uri("https://relay.example") });

    private sealed class OneAnswer(HttpStatusCode status, byte[] body, string digest) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage answer = new(status) { Content = new ByteArrayContent(body), RequestMessage = request };
            answer.Headers.Add(ContentDigest.Header, digest);
            return Task.FromResult(answer);
        }
    }
}

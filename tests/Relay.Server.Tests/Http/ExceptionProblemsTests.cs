using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Server.Cli;
using Relay.Server.Http;
using Relay.Server.Http.Problems;
using Relay.Server.Keys.Signers;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http;

public sealed class ExceptionProblemsTests
{
    [Fact]
    public async Task TryHandle_UnexpectedException_IsLoggedUnderTheRequestIdOfItsAnswer()
    {
        TestLogger<ExceptionProblems> log = new();
        InvalidOperationException bug = new("a secret of the program's inside");

        using JsonDocument answer = await HandleAsync(log, bug, StatusCodes.Status500InternalServerError);

        TestLogEntry entry = Assert.Single(log.Entries);
        string requestId = answer.RootElement.GetProperty(RelayProblems.RequestIdMember).GetString()!;
        Assert.Equal((LogLevel.Error, bug), (entry.Level, entry.Exception));
        Assert.Contains(requestId, entry.Message, StringComparison.Ordinal);
        Assert.Contains(requestId, answer.RootElement.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answer.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>As when the clock jumps while the relay runs: the operator learns from the answer what to mend.</summary>
    [Fact]
    public async Task TryHandle_NothingCanBeSigned_SaysWhyAndIsLogged()
    {
        TestLogger<ExceptionProblems> log = new();

        using JsonDocument answer = await HandleAsync(log, new SigningException("The clock is wrong."), StatusCodes.Status503ServiceUnavailable);

        Assert.Single(log.Entries);
        Assert.Equal("urn:relay:problem:signing-unavailable", answer.RootElement.GetProperty("type").GetString());
        Assert.Equal("The clock is wrong.", answer.RootElement.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    public async Task TryHandle_BadRequest_IsNotLogged(int status)
    {
        TestLogger<ExceptionProblems> log = new();

        using JsonDocument answer = await HandleAsync(log, new BadHttpRequestException("bad", status), status);

        Assert.Empty(log.Entries);
        Assert.False(answer.RootElement.TryGetProperty(RelayProblems.RequestIdMember, out _));
    }

    [Fact]
    [Trait("Attack", "log-flood")]
    public async Task Request_ClientThatEndsItsConnectionWithinTheBody_IsNotLogged()
    {
        TestLoggerProvider log = new();
        await using TestRelay relay = await TestRelay.StartAsync(options => options with
        {
            MoreServices = services => services.AddLogging(logging => logging.AddProvider(log)),
        });
        for (int i = 0; i < 5; i++)
        {
            await ResetConnectionAsync(relay);
            await ResetStreamAsync(relay);
        }

        // All requests have ended then.
        await relay.StopAsync();

        Assert.DoesNotContain(log.Entries, entry => entry.Level >= LogLevel.Error);
    }

    private static async Task ResetConnectionAsync(TestRelay relay)
    {
        using TcpClient tcp = new() { LingerState = new LingerOption(enable: true, seconds: 0) };
        await tcp.ConnectAsync(IPAddress.Loopback, relay.Address.Port, TestContext.Current.CancellationToken);
        using SslStream tls = new(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = RelayApi.Pin(relay.CertificateAuthority) },
            TestContext.Current.CancellationToken);
        await tls.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {Routes.CheckInsOf("node")} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"),
            TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        tcp.Client.Close();
    }

    private static async Task ResetStreamAsync(TestRelay relay)
    {
        using HttpClient client = relay.CreateClient();
        using HttpRequestMessage request = new(HttpMethod.Post, Routes.CheckInsOf("node"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new BrokenContent(),
        };
        await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync(request, TestContext.Current.CancellationToken));
    }

    /// <summary>A middleware may answer by a bare status: that answer names the log, too.</summary>
    [Fact]
    public async Task FromStatusCode_BareServerError_IsLoggedUnderTheRequestIdOfItsAnswer()
    {
        TestLoggerProvider logs = new();
        await using ServiceProvider services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(logs)).BuildServiceProvider();
        using MemoryStream body = new();
        DefaultHttpContext context = new() { RequestServices = services, TraceIdentifier = "request-8" };
        context.Response.Body = body;
        context.Response.StatusCode = StatusCodes.Status502BadGateway;

        await HttpFeature.FromStatusCode(context).ExecuteAsync(context);

        Assert.Contains(logs.Entries, entry => entry.Message.Contains("request-8", StringComparison.Ordinal));
        Assert.Contains("request-8", System.Text.Encoding.UTF8.GetString(body.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_RepositoryGone_IsAnsweredWithARequestId()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        Directory.Delete(Path.Combine(relay.DataFolder, "repository"), recursive: true);

        using HttpResponseMessage response = await relay.Admin.GetAsync(Routes.Channels, TestContext.Current.CancellationToken);

        using JsonDocument problem = await response.ProblemAsync(HttpStatusCode.InternalServerError);
        Assert.Equal("urn:relay:problem:internal", problem.RootElement.GetProperty("type").GetString());
        Assert.NotEmpty(problem.RootElement.GetProperty(RelayProblems.RequestIdMember).GetString()!);
    }

    private static async Task<JsonDocument> HandleAsync(TestLogger<ExceptionProblems> log, Exception exception, int expectedStatus)
    {
        await using ServiceProvider services = new ServiceCollection().AddLogging().BuildServiceProvider();
        using MemoryStream body = new();
        DefaultHttpContext context = new() { RequestServices = services, TraceIdentifier = "request-7" };
        context.Response.Body = body;

        Assert.True(await new ExceptionProblems(log).TryHandleAsync(context, exception, TestContext.Current.CancellationToken));

        Assert.Equal(expectedStatus, context.Response.StatusCode);
        return JsonDocument.Parse(body.ToArray());
    }

    /// <summary>A body of 1,000 bytes that ends after some of them.</summary>
    private sealed class BrokenContent : HttpContent
    {
        public BrokenContent() => Headers.ContentType = new("application/json");

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("{\"a\":"u8.ToArray());
            await stream.FlushAsync();
            await Task.Delay(50);
            throw new IOException("the client ends");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 1000;
            return true;
        }
    }
}

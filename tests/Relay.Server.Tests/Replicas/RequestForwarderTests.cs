using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Relay.Server.Replicas;
using Relay.TestKit;

namespace Relay.Server.Tests.Replicas;

/// <summary>What passes through a replica, and what becomes of it when that replica stops.</summary>
public sealed class RequestForwarderTests
{
    [Theory]
    [InlineData("1.0", false)]
    [InlineData("1.1", false)]
    [InlineData("1.1", true)]
    [InlineData("2.0", false)]
    public async Task SendAsync_LargeBody_ArrivesAsItWasSent(string version, bool expectsContinue)
    {
        await using ReplicaWithStub replica = await ReplicaWithStub.StartAsync(async context =>
            await context.Response.Body.WriteAsync(await SHA256.HashDataAsync(context.Request.Body)));
        byte[] body = RandomNumberGenerator.GetBytes(3 * 1024 * 1024);
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/models?x=1")
        {
            Content = new ByteArrayContent(body),
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.ExpectContinue = expectsContinue;

        using HttpResponseMessage answer = await replica.Client.SendAsync(request);

        Assert.Equal(SHA256.HashData(body), await answer.Content.ReadAsByteArrayAsync());
    }

    /// <summary>The relay that works refuses a body by the limit of its route: the replica has no other.</summary>
    [Fact]
    public async Task SendAsync_BodyThatTheRelayRefusesUnread_GivesItsAnswer()
    {
        await using ReplicaWithStub replica = await ReplicaWithStub.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            context.Response.ContentType = "application/problem+json";
            return context.Response.WriteAsync("""{"type":"too-large"}""");
        });
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/models") { Content = new ByteArrayContent(new byte[8 * 1024 * 1024]) };
        request.Headers.ExpectContinue = true;

        using HttpResponseMessage answer = await replica.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("""{"type":"too-large"}""", await answer.Content.ReadAsStringAsync());
    }

    /// <summary>While a request waits, the turn of its own process may come: the limit of the server holds there.</summary>
    [Fact]
    public async Task SendAsync_OwnTurnComesMeanwhile_HasTheLimitOfTheServerAgain()
    {
        await using ReplicaWithStub replica = await ReplicaWithStub.StartAsync(context =>
        {
            context.Response.Headers[ReplicaHeaders.NotActive] = "1";
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
        BodyLimit limit = new() { MaxRequestBodySize = 1024 };
        DefaultHttpContext context = new() { Request = { Method = "GET", Scheme = "https", Path = "/v1/models", Protocol = "HTTP/2" } };
        context.Features.Set<IHttpMaxRequestBodySizeFeature>(limit);
        List<long?> seen = [];

        await replica.Forwarder.SendAsync(
            context,
            _ =>
            {
                seen.Add(limit.MaxRequestBodySize);
                return seen.Count > 1 ? Task.CompletedTask : null;
            },
            CancellationToken.None);

        Assert.Equal([1024, 1024], seen);
        Assert.Equal([1024, null, 1024], limit.Set);
    }

    [Fact]
    public async Task SendAsync_HeadAndRange_KeepTheirHeaders()
    {
        await using ReplicaWithStub replica = await ReplicaWithStub.StartAsync(context =>
        {
            bool isPart = context.Request.Headers.Range == "bytes=2-3";
            context.Response.StatusCode = isPart ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
            context.Response.ContentLength = 2;
            context.Response.Headers.ETag = "\"a\"";
            return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync("cd");
        });
        using HttpRequestMessage head = new(HttpMethod.Head, "/v1/artifacts/x");
        using HttpRequestMessage range = new(HttpMethod.Get, "/v1/artifacts/x") { Headers = { Range = new RangeHeaderValue(2, 3) } };

        using HttpResponseMessage ofHead = await replica.Client.SendAsync(head);
        using HttpResponseMessage part = await replica.Client.SendAsync(range);

        Assert.Equal((HttpStatusCode.OK, 2L, "\"a\""), (ofHead.StatusCode, ofHead.Content.Headers.ContentLength, ofHead.Headers.ETag!.Tag));
        Assert.Equal((HttpStatusCode.PartialContent, "cd"), (part.StatusCode, await part.Content.ReadAsStringAsync()));
    }

    /// <summary>A client that names another address would use up the limits of that one.</summary>
    [Fact]
    [Trait("Attack", "forged-forwarding")]
    public async Task SendAsync_AddressNamedByTheClient_IsReplacedByItsOwn()
    {
        await using ReplicaWithStub replica = await ReplicaWithStub.StartAsync(context => context.Response.WriteAsync(
            $"{context.Request.Headers[ReplicaHeaders.Secret] == ReplicaWithStub.Secret} {context.Request.Headers[ReplicaHeaders.Client]} "
            + $"{context.Request.Headers["X-Forwarded-For"]} {context.Request.Host}"));
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/models");
        request.Headers.Host = "localhost:1234";
        request.Headers.Add(ReplicaHeaders.Client, "198.51.100.7");
        request.Headers.Add("X-Forwarded-For", "198.51.100.8");

        using HttpResponseMessage answer = await replica.Client.SendAsync(request);

        // The relay that works believes X-Forwarded-For as far as it trusts the address, as without a replica.
        Assert.Equal("True 127.0.0.1 198.51.100.8 localhost:1234", await answer.Content.ReadAsStringAsync());
    }

    /// <summary>With the header of a replica, a request that a client sends to a replica is not passed on at all.</summary>
    [Fact]
    [Trait("Attack", "forged-forwarding")]
    public async Task Answer_SecretNamedByTheClient_IsRefused()
    {
        bool isAsked = false;
        await using ReplicaWithStub replica = await ReplicaWithStub.StartAsync(context =>
        {
            isAsked = true;
            return Task.CompletedTask;
        });
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/models");
        request.Headers.Add(ReplicaHeaders.Secret, ReplicaWithStub.Secret);

        using HttpResponseMessage answer = await replica.Client.SendAsync(request);

        Assert.Equal("not-active", await answer.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable));
        Assert.False(isAsked);
    }

    [Fact]
    public async Task Stop_EventStreamAndRequestOnItsWay_EndsTheStreamAndAnswersTheRequest()
    {
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ReplicaWithStub replica = await ReplicaWithStub.StartAsync(async context =>
        {
            if (HttpMethods.IsGet(context.Request.Method))
            {
                context.Response.ContentType = "text/event-stream; charset=utf-8";
                await context.Response.WriteAsync("data: 1\n\n");
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            arrived.SetResult();
            await go.Task;
            await context.Response.WriteAsync("done");
        });
        using HttpResponseMessage events = await replica.Client.GetAsync("/v1/events", HttpCompletionOption.ResponseHeadersRead);
        using StreamReader lines = new(await events.Content.ReadAsStreamAsync());
        Assert.Equal("data: 1", await lines.ReadLineAsync());
        Task<HttpResponseMessage> post = replica.Client.PostAsync("/v1/models", new StringContent("{}"));
        await arrived.Task;

        Task stop = replica.StopAsync();
        await Record.ExceptionAsync(() => lines.ReadToEndAsync());
        go.SetResult();

        using HttpResponseMessage answer = await post;
        Assert.Equal((HttpStatusCode.OK, "done"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        await stop;
    }

    private sealed class BodyLimit : IHttpMaxRequestBodySizeFeature
    {
        private long? _bytes;

        public List<long?> Set { get; } = [];

        public bool IsReadOnly => false;

        public long? MaxRequestBodySize
        {
            get => _bytes;
            set
            {
                _bytes = value;
                Set.Add(value);
            }
        }
    }
}

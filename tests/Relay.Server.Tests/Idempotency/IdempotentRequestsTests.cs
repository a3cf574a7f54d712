using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Server.Http.Access;
using Relay.Server.Idempotency;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Idempotency;

public sealed class IdempotentRequestsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relay-idempotency-").FullName;
    private readonly ManualTime _time = new();
    private readonly RelayDatabase _database;
    private readonly IdempotentRequests _requests;
    private int _calls;

    private static readonly IServiceProvider Services = new ServiceCollection().AddLogging().AddRouting().BuildServiceProvider();

    public IdempotentRequestsTests()
    {
        _database = RelayDatabase.Create(TestDatabases.Open(_root));
        _requests = new(new(_database, _time), NullLogger<IdempotentRequests>.Instance);
    }

    /// <summary>The relay did nothing for it: the same request may be tried again.</summary>
    [Theory]
    [InlineData(StatusCodes.Status503ServiceUnavailable, 2)]
    [InlineData(StatusCodes.Status507InsufficientStorage, 2)]
    [InlineData(StatusCodes.Status500InternalServerError, 1)]
    [InlineData(StatusCodes.Status202Accepted, 1)]
    public async Task Answer_ByItsStatus_IsKeptOrForgotten(int status, int calls)
    {
        await SendAsync(context => Answer(context, status));
        DefaultHttpContext again = await SendAsync(context => Answer(context, status));

        Assert.Equal((status, calls), (again.Response.StatusCode, _calls));
    }

    /// <summary>Kestrel ends a connection on which a body follows the status 204, even an empty one.</summary>
    [Fact]
    public async Task AnswerWithoutABody_Repeated_IsNotWritten()
    {
        await SendAsync(context => Answer(context, StatusCodes.Status204NoContent));
        using MemoryStream closed = new();
        closed.Close();
        DefaultHttpContext again = await SendAsync(context => Answer(context, StatusCodes.Status204NoContent), closed);

        Assert.Equal((StatusCodes.Status204NoContent, 1), (again.Response.StatusCode, _calls));
    }

    [Fact]
    public async Task SameKey_WhileTheFirstIsAnswered_WaitsAndIsNotRun()
    {
        TaskCompletionSource finish = new();
        Task<DefaultHttpContext> first = SendAsync(async context =>
        {
            await finish.Task;
            await Answer(context, StatusCodes.Status201Created);
        });

        DefaultHttpContext second = await SendAsync(context => Answer(context, StatusCodes.Status201Created));
        finish.SetResult();

        Assert.Equal(StatusCodes.Status409Conflict, second.Response.StatusCode);
        Assert.Equal("1", second.Response.Headers.RetryAfter);
        Assert.Equal(StatusCodes.Status201Created, (await first).Response.StatusCode);
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Key_AfterADay_IsForgotten()
    {
        await SendAsync(context => Answer(context, StatusCodes.Status201Created));
        _time.Advance(IdempotencyStore.Retention + TimeSpan.FromSeconds(1));
        DefaultHttpContext later = await SendAsync(context => Answer(context, StatusCodes.Status204NoContent));

        Assert.Equal((StatusCodes.Status204NoContent, 2), (later.Response.StatusCode, _calls));
    }

    [Fact]
    public async Task Handler_ThatThrows_LeavesAnUnknownOutcomeUntilItsAnswerIsKnown()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => SendAsync(_ => throw new InvalidDataException()));

        DefaultHttpContext again = await SendAsync(context => Answer(context, StatusCodes.Status201Created));

        Assert.Equal(StatusCodes.Status409Conflict, again.Response.StatusCode);
        Assert.Equal(0, _calls);
    }

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private Task Answer(HttpContext context, int status)
    {
        _calls++;
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private async Task<DefaultHttpContext> SendAsync(RequestDelegate handler, Stream? body = null)
    {
        DefaultHttpContext context = new()
        {
            User = new(new ClaimsIdentity([new Claim(ApiKeyAuthentication.KeyClaim, "caller")])),
            RequestServices = Services,
        };
        context.Response.Body = body ?? Stream.Null;
        context.Request.Method = HttpMethods.Post;
        context.Request.Path = Routes.Models;
        context.Request.Headers[Routes.IdempotencyKeyHeader] = "a key";
        context.SetEndpoint(new RouteEndpoint(handler, RoutePatternFactory.Parse(Routes.Models), 0, null, null));
        await _requests.InvokeAsync(context, handler);
        return context;
    }
}

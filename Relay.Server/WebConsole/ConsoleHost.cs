using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Relay.Server.Http.Access;
using Relay.WebConsole.Hosting;
using Shared.Contracts;

namespace Relay.Server.WebConsole;

/// <summary>Gives the console its sessions, and the relay's API in the name of their users.</summary>
internal sealed class ConsoleHost(
    ApiKeyStore keys, ConsoleSessions sessions, TokenSignIn services, InnerPipeline pipeline, IHttpContextFactory contexts) : IConsoleHost
{
    private static readonly Uri Inside = new("https://relay/");

    public Task<ConsoleSignIn> SignInAsync(string apiKey, CancellationToken cancellationToken) => Task.FromResult(SignIn(apiKey));

    public IReadOnlyList<string> SignInServices => services.Services;

    public Task<ConsoleServiceSignIn?> BeginServiceSignInAsync(string service, string callback, CancellationToken cancellationToken) =>
        services.BeginAsync(service, callback, cancellationToken);

    public Task<ConsoleSignIn> FinishServiceSignInAsync(
        IQueryCollection answer, string? kept, string callback, CancellationToken cancellationToken) =>
        services.FinishAsync(answer, kept, callback, cancellationToken);

    public ConsoleUser? FindUser(string token) => sessions.Find(token) is { } session
        ? new ConsoleUser(
            session.Actor, session.Name, session.Roles.Select(AccessPolicies.NameOf).ToHashSet(StringComparer.Ordinal), CsrfTokenOf(token))
        : null;

    public void SignOut(string token) => sessions.End(token);

    public HttpClient CreateClient(ConsoleUser user, HttpContext browser) =>
        new(new InnerHandler(pipeline, contexts, CallerOf(user), browser)) { BaseAddress = Inside };

    public async Task ForwardAsync(ConsoleUser user, HttpContext browser, string target)
    {
        InnerRequest inner = new(HttpMethod.Get, target, null, [], CallerOf(user), browser, browser.RequestAborted);
        inner.Features.Set(browser.Features.Get<IHttpResponseFeature>());
        inner.Features.Set(browser.Features.Get<IHttpResponseBodyFeature>());
        HttpContext context = contexts.Create(inner.Features);
        try
        {
            await pipeline.Next(context);
        }
        finally
        {
            contexts.Dispose(context);
        }
    }

    private static ConsoleCaller CallerOf(ConsoleUser user) =>
        new(user.Actor, [.. user.Roles.Select(AccessPolicies.RoleNamed).OfType<ApiKeyRole>()]);

    private ConsoleSignIn SignIn(string apiKey)
    {
        Result<ApiKeyIdentity, ApiKeyRefusal> result = keys.Authenticate(apiKey);
        if (result.Value is not { } key)
        {
            return new(null, result.Refusal!.Reason is ApiKeyRefusalReason.Unknown
                ? "The relay does not know this API key. Copy the whole of it, from relay_ to its end."
                : result.Refusal.Detail);
        }

        return key.Role is ApiKeyRole.Node
            ? new(null, "This is a key for nodes and mirrors, which reads models alone: sign in by a key of another role.")
            : new(sessions.Begin(key.Id, keys.FindState(key.Id)?.Key.Name ?? key.Id, [key.Role]), null);
    }

    /// <summary>Each session has one, which cannot be told without the cookie.</summary>
    private static string CsrfTokenOf(string token) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), "relay console form"u8));
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Relay.Server.Http.Access;
using Relay.Server.Http.Bodies;
using Shared.Contracts.Api;

namespace Relay.Server.Idempotency;

/// <summary>A change that is sent again with the same idempotency key is not made again: the answer to the first is repeated. Where
/// the relay was killed in between, it says that it does not know the outcome.</summary>
internal sealed partial class IdempotentRequests(IdempotencyStore store, ILogger<IdempotentRequests> log)
{
    public const int MaximumKey = 128;

    private const int MaximumBody = 256 * 1024;
    private const string NoStore = "no-store";

    // Of this process: what is not here and has no answer was cut off by the end of another.
    private readonly ConcurrentDictionary<(string ApiKey, string Key), bool> _running = new();

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Headers.TryGetValue(Routes.IdempotencyKeyHeader, out var given)
            || ChangeRequests.FindKey(context) is not { } apiKey)
        {
            await next(context);
            return;
        }

        if (given is not [{ Length: > 0 and <= MaximumKey } key] || key.Any(c => c is < ' ' or > '~'))
        {
            await IdempotencyProblems.Invalid().ExecuteAsync(context);
            return;
        }

        if (!_running.TryAdd((apiKey, key), true))
        {
            await AnswerInProgressAsync(context);
            return;
        }

        try
        {
            string fingerprint = Fingerprint(context);
            if (store.TryBegin(apiKey, key, fingerprint) is { } known)
            {
                await RepeatAsync(context, known, fingerprint);
                return;
            }

            await RunAsync(context, next, apiKey, key, fingerprint);
        }
        finally
        {
            _running.TryRemove((apiKey, key), out _);
        }
    }

    private async Task RunAsync(HttpContext context, RequestDelegate next, string apiKey, string key, string fingerprint)
    {
        Stream original = context.Response.Body;
        using MemoryStream captured = new();
        context.Response.Body = captured;
        try
        {
            await next(context);
        }
        catch
        {
            // The answer is that of the exception handler, which writes it after this.
            context.Response.OnStarting(() =>
            {
                TryKeep(context.Response, apiKey, key, fingerprint, body: null);
                return Task.CompletedTask;
            });
            throw;
        }
        finally
        {
            context.Response.Body = original;
        }

        TryKeep(context.Response, apiKey, key, fingerprint, captured.ToArray());
        captured.Position = 0;
        await captured.CopyToAsync(original, context.RequestAborted);
    }

    // The answer is right whether it is kept or not: sent again, the outcome is then unknown.
    private void TryKeep(HttpResponse response, string apiKey, string key, string fingerprint, byte[]? body)
    {
        try
        {
            Keep(response, apiKey, key, fingerprint, body);
        }
        catch (Exception failed)
        {
            LogNotKept(failed, response.StatusCode, apiKey);
        }
    }

    private void Keep(HttpResponse response, string apiKey, string key, string fingerprint, byte[]? body)
    {
        // The relay did nothing for such a request.
        if (response.StatusCode is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status507InsufficientStorage)
        {
            store.Forget(apiKey, key);
            return;
        }

        bool isKept = body is { Length: <= MaximumBody } && !response.Headers.CacheControl.ToString().Contains(NoStore, StringComparison.Ordinal);
        store.Complete(apiKey, key, new(
            fingerprint, response.StatusCode, isKept ? response.ContentType : null, response.Headers.Location, isKept ? body : null));
    }

    private static Task RepeatAsync(HttpContext context, StoredAnswer known, string fingerprint)
    {
        if (known.Fingerprint != fingerprint)
        {
            return IdempotencyProblems.Reused().ExecuteAsync(context);
        }

        if (known.Status is not { } status)
        {
            return IdempotencyProblems.OutcomeUnknown().ExecuteAsync(context);
        }

        context.Response.Headers[Routes.IdempotencyReplayedHeader] = "true";
        if (known.Body is not { } body)
        {
            return IdempotencyProblems.NotKept(status).ExecuteAsync(context);
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = known.ContentType;
        if (known.Location is { } location)
        {
            context.Response.Headers.Location = location;
        }

        // Kestrel takes no write after a status without a body, not even an empty one.
        return body.Length == 0 ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static Task AnswerInProgressAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return IdempotencyProblems.InProgress().ExecuteAsync(context);
    }

    private static string Fingerprint(HttpContext context)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}\n"));
        hash.AppendData(context.Features.Get<BufferedBody>() is { } body ? body.Bytes.Span : []);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    [LoggerMessage(1040, LogLevel.Error, "An answer {Status} to a request of key {Key} with an idempotency key cannot be kept")]
    private partial void LogNotKept(Exception exception, int status, string key);
}

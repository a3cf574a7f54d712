using System.Text;
using System.Text.Json;
using Relay.Training;
using Relay.Training.Federated;

namespace Relay.Server.Federation;

/// <summary>The requests of owners. The first one is signed, as is every message; it gives the token of the others, so that strangers cannot make the
/// coordinator read long bodies.</summary>
internal sealed class RoundEndpoints(RoundBoard board, RoundVerifier verifier)
{
    private const int MaxPresenceBytes = 1024;
    private const string Bearer = "Bearer ";

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (!HttpMethods.IsPost(context.Request.Method))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            switch (context.Request.Path.Value)
            {
                case FederationRoutes.Presence:
                    await StayAsync(context);
                    break;
                case FederationRoutes.Messages:
                    await ExchangeAsync(context);
                    break;
                case FederationRoutes.Leave:
                    await LeaveAsync(context);
                    break;
                default:
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    break;
            }
        }
        catch (RoundException e)
        {
            await AnswerAsync(context, StatusCodes.Status403Forbidden, new RoundEnd(e.Fault, e.Message));
        }
        catch (BadHttpRequestException e)
        {
            context.Response.StatusCode = e.StatusCode;
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The owner's connection broke; the request that it holds open says so to all.
        }
    }

    // The answer begins with the token, and ends when the round does. When the connection breaks before, the owner is lost.
    private async Task StayAsync(HttpContext context)
    {
        (RoundMessage message, _) = await ReadAsync(context, MaxPresenceBytes, MessageKind.Presence);
        string token = board.Join(message.Sender);
        try
        {
            await context.Response.Body.WriteAsync(Convert.FromHexString(token), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            RoundEnd end = await board.Ended.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync(JsonSerializer.Serialize(end, FederationJson.Default.RoundEnd), context.RequestAborted);
        }
        finally
        {
            // Without effect where the round has ended.
            board.Leave(message.Sender, RoundFault.OwnerLost, "is gone: its connection broke");
        }
    }

    private async Task ExchangeAsync(HttpContext context)
    {
        int owner = RequireOwner(context);
        (RoundMessage message, byte[] bytes) = await ReadAsync(context, RoundMessage.MaxBytes, null);
        if (message.Sender != owner)
        {
            throw new RoundException(RoundFault.WrongSender, "The message is of another owner than its request");
        }

        if (await board.ExchangeAsync(message, bytes, context.RequestAborted) is { } all)
        {
            context.Response.ContentType = "application/octet-stream";
            await MessageFrames.WriteAsync(context.Response.Body, all, context.RequestAborted);
        }
        else
        {
            await AnswerAsync(context, StatusCodes.Status409Conflict, await board.Ended);
        }
    }

    private async Task LeaveAsync(HttpContext context)
    {
        int owner = RequireOwner(context);
        (RoundMessage message, _) = await ReadAsync(context, MaxPresenceBytes, MessageKind.Leave);

        // The name of a fault, and no text of an owner: an error may quote its rows.
        string name = Encoding.ASCII.GetString(message.Payload.Span);
        string[] faults = [.. Enum.GetNames<TrainingFault>(), .. Enum.GetNames<RoundFault>()];
        board.Leave(owner, RoundFault.OwnerLeft, faults.Contains(name, StringComparer.Ordinal) ? $"ended with {name}" : "was stopped");
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private int RequireOwner(HttpContext context)
    {
        string given = context.Request.Headers.Authorization.ToString();
        return given.StartsWith(Bearer, StringComparison.Ordinal) && board.FindOwner(given[Bearer.Length..]) is { } owner
            ? owner
            : throw new RoundException(RoundFault.BadSignature, "The request has no token of an owner that joined this round");
    }

    private async Task<(RoundMessage Message, byte[] Bytes)> ReadAsync(HttpContext context, int maxBytes, MessageKind? kind)
    {
        using MemoryStream body = new();
        byte[] buffer = new byte[Math.Min(maxBytes + 1, 1 << 16)];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            body.Write(buffer.AsSpan(0, read));
            if (body.Length > maxBytes)
            {
                throw new RoundException(RoundFault.MalformedMessage, $"A message of more than {maxBytes} bytes");
            }
        }

        byte[] bytes = body.ToArray();
        RoundMessage message = RoundMessage.Parse(bytes);
        verifier.Require(message);
        bool isExpected = kind is null ? message.Kind is not (MessageKind.Presence or MessageKind.Leave) : message.Kind == kind;
        return isExpected ? (message, bytes) : throw new RoundException(
            RoundFault.MalformedMessage, $"A message {message.Kind} came where another is taken");
    }

    private static Task AnswerAsync(HttpContext context, int status, RoundEnd end)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(end, FederationJson.Default.RoundEnd);
    }
}

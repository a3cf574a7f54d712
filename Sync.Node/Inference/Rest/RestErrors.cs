using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sync.Node.Inference.Tensors;

namespace Sync.Node.Inference.Rest;

/// <summary>Makes every error the protocol's own: a status, and an object with the member error.</summary>
internal static partial class RestErrors
{
    public static Task GuardAsync(HttpContext http, Func<HttpContext, Task> answer) =>
        GuardAsync(http, answer, static (http, answer) => answer(http));

    /// <param name="state">Passed on, so that no request needs a delegate of its own.</param>
    public static async Task GuardAsync<T>(HttpContext http, T state, Func<HttpContext, T, Task> answer)
    {
        try
        {
            await answer(http, state);
        }
        catch (InferenceException refused) when (!http.Response.HasStarted)
        {
            await RestAnswers.Error(StatusOf(refused.Fault), refused.Message).WriteAsync(http.Response);
        }
        catch (BadHttpRequestException broken) when (!http.Response.HasStarted)
        {
            await RestAnswers.Error(broken.StatusCode, $"the request cannot be read: {broken.Message}").WriteAsync(http.Response);
        }
        catch (Exception unexpected) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            Unexpected(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RestErrors)), unexpected);
            await RestAnswers.Error(StatusCodes.Status500InternalServerError, "this server failed: its log says more").WriteAsync(http.Response);
        }
    }

    private static int StatusOf(InferenceFault fault) => fault switch
    {
        InferenceFault.TooLarge => StatusCodes.Status413PayloadTooLarge,
        InferenceFault.NotFound => StatusCodes.Status404NotFound,
        InferenceFault.NotReady => StatusCodes.Status503ServiceUnavailable,
        InferenceFault.NotAllowed => StatusCodes.Status403Forbidden,
        InferenceFault.Failed => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status400BadRequest,
    };

    [LoggerMessage(1, LogLevel.Error, "A request failed.")]
    private static partial void Unexpected(ILogger logger, Exception exception);
}

using Microsoft.AspNetCore.Diagnostics;
using Relay.Server.Storage;

namespace Relay.Server.Http.Problems;

/// <summary>Tells <see cref="StorageHealth"/> of errors that requests met, so that a relay whose answers fail does not say that it is
/// ready.</summary>
internal sealed class StorageFaults(StorageHealth storage) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException)
        {
            storage.Report(exception);
        }

        return ValueTask.FromResult(false);
    }
}

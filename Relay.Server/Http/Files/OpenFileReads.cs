using Microsoft.AspNetCore.Http.Features;
using Relay.Server.Http.Access;
using Shared.Contracts.Nodes;

namespace Relay.Server.Http.Files;

/// <summary>Answers reads of open files at once, after the rate limit: a request that names no sender, has no body and changes nothing passes all
/// checks that follow. They would cost a third of the time of an answer that says that nothing has changed.</summary>
internal sealed class OpenFileReads(OpenAccess open)
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        open.Artifacts && context.GetEndpoint() is { RequestDelegate: { } read, Metadata: var metadata }
        && metadata.GetMetadata<OpenFile>() is not null && IsPlain(context)
            ? read(context)
            : next(context);

    private static bool IsPlain(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        && !NodeIdentity.NamesASender(context.Request)
        && !context.Request.Headers.ContainsKey(ContentDigest.Header)
        && context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true };
}

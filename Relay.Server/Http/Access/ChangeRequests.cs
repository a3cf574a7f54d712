using Microsoft.AspNetCore.Authorization;

namespace Relay.Server.Http.Access;

/// <summary>Tells the requests of people and programs that may change something from all others.</summary>
internal static class ChangeRequests
{
    /// <summary>The id of the API key of such a request; null for reads, for requests of nodes, and for rows of datasets: there may be many of
    /// those a second, each has an id by which it is taken once, and the dataset keeps who sent it.</summary>
    public static string? FindKey(HttpContext context) =>
        !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)
        && context.GetEndpoint() is RouteEndpoint endpoint
        && !endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => data.Policy is AccessPolicies.Contribute)
            ? ApiKeyAuthentication.FindKey(context.User)
            : null;
}

using Microsoft.AspNetCore.Routing;
using Relay.Server.Tests.Http;
using Relay.WebConsole.Home;

namespace Relay.Server.Tests.WebConsole;

public sealed class ActivityTextTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    /// <summary>A misspelt route would never be told in words.</summary>
    [Fact]
    public void Actions_OfRequests_AreRoutesOfTheApi()
    {
        string[] routes =
        [
            .. from endpoint in own.Relay.Services.ReadApiRoutes()
               from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
               select $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}",
        ];

        Assert.Empty(ActivityText.Actions.Where(action => action.Contains('/', StringComparison.Ordinal)).Except(routes));
    }
}

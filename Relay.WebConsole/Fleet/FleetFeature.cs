using Microsoft.AspNetCore.Routing;

namespace Relay.WebConsole.Fleet;

/// <summary>The nodes: all of them, one of them, what they run over time, and how they enroll.</summary>
internal static class FleetFeature
{
    public static void Map(IEndpointRouteBuilder console)
    {
        FleetPages.Map(console);
        NodePages.Map(console);
        AdoptionPages.Map(console);
        TokenPages.Map(console);
    }
}

using Microsoft.AspNetCore.Routing;

namespace Relay.WebConsole.Rollouts;

/// <summary>How releases reach the fleet: rollouts, channels and releases.</summary>
internal static class RolloutsFeature
{
    public static void Map(IEndpointRouteBuilder console)
    {
        RolloutsPages.Map(console);
        StartPages.Map(console);
        RolloutPages.Map(console);
        ChannelPages.Map(console);
        ChannelForms.Map(console);
    }
}

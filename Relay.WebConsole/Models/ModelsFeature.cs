using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Models.Annotations;
using Relay.WebConsole.Models.Comparison;
using Relay.WebConsole.Models.Details;
using Relay.WebConsole.Models.Importing;
using Relay.WebConsole.Models.Listing;
using Relay.WebConsole.Models.Specs;
using Relay.WebConsole.Models.Versions;

namespace Relay.WebConsole.Models;

/// <summary>Models and their versions: what there is, what it is worth, and what becomes of it.</summary>
internal static class ModelsFeature
{
    public static void Map(IEndpointRouteBuilder console)
    {
        ModelListPages.Map(console);
        SpecPages.Map(console);
        ModelPages.Map(console);
        AnnotationPages.Map(console);
        ImportPages.Map(console);
        VersionPages.Map(console);
        VersionChanges.Map(console);
        ComparisonPages.Map(console);
    }
}

using System.Net;
using Relay.AdminClient;
using Relay.WebConsole.Routing;

namespace Relay.WebConsole.Rollouts;

/// <summary>The API's refusals of a release or a rollout.</summary>
internal static class ReleaseRefusals
{
    private const string SchemaChange = "urn:relay:problem:schema-change";

    /// <summary>Whether the form can be corrected: it may also name a version or a release that there is not.</summary>
    public static bool CanBeCorrected(RelayException refused) => refused.IsCorrectable() || refused.Status is HttpStatusCode.NotFound;

    /// <summary>Whether inputs, classes or task change, which a person may accept.</summary>
    public static bool IsSchemaChange(RelayException refused) => refused.Type == SchemaChange;
}

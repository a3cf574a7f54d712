using Relay.AdminClient;

namespace Relay.WebConsole.Rollouts;

/// <summary>The API's refusal of a change of schema, which a person may accept.</summary>
internal static class SchemaChangeProblem
{
    private const string Type = "urn:relay:problem:schema-change";

    public static bool Is(RelayException refused) => refused.Type == Type;
}

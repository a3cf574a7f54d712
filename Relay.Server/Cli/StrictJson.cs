using System.Text.Json;
using System.Text.Json.Serialization;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary>The JSON of files that people write, in which an unknown member is a spelling mistake. A relay would refuse it too, but what this program
/// sends on holds known members only.</summary>
internal static class StrictJson
{
    public static JsonSerializerOptions Options { get; } = new(RelayApiJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        TypeInfoResolver = RelayApiJson.Default,
    };
}

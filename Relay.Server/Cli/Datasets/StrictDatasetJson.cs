using System.Text.Json;
using System.Text.Json.Serialization;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Datasets;

/// <summary>The JSON of a dataset's file, in which an unknown member is a spelling mistake.</summary>
internal static class StrictDatasetJson
{
    public static JsonSerializerOptions Options { get; } = new(RelayApiJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        TypeInfoResolver = RelayApiJson.Default,
    };
}

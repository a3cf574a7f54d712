using System.Security.Claims;
using Relay.Server.Http.Access;

namespace Relay.Server.Datasets.Samples;

/// <summary>Who sends samples and labels.</summary>
/// <param name="Name"><c>node:</c> and the id of a node, or <c>key:</c> and the id of an API key.</param>
internal sealed record SampleSource(string Name)
{
    private const string NodePrefix = "node:";
    private const string KeyPrefix = "key:";

    /// <summary>Nodes are bounded and outvoted; holders of keys are trusted.</summary>
    public bool IsNode => IsNodeName(Name);

    public static bool IsNodeName(string source) => source.StartsWith(NodePrefix, StringComparison.Ordinal);

    public static SampleSource From(ClaimsPrincipal user) => NodeIdentity.Find(user) is { } node
        ? new(NodePrefix + node)
        : new(KeyPrefix + ApiKeyAuthentication.FindKey(user));
}

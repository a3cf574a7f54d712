using System.Security.Claims;
using Relay.Server.Http.Access;
using Relay.Server.Http.Access.Tokens;

namespace Relay.Server.Datasets.Samples;

/// <summary>Who sends samples and labels.</summary>
/// <param name="Name"><c>node:</c> and the id of a node, or <c>key:</c> and the id of the first of the API keys that replaced each other, or issuer
/// and subject of a token: a key that is rotated, and a subject with many tokens, stay one source, with one vote.</param>
internal sealed record SampleSource(string Name)
{
    private const string NodePrefix = "node:";
    private const string KeyPrefix = "key:";

    /// <summary>Nodes are bounded and outvoted; holders of keys are trusted.</summary>
    public bool IsNode => IsNodeName(Name);

    public static bool IsNodeName(string source) => source.StartsWith(NodePrefix, StringComparison.Ordinal);

    public static string NameOfNode(string node) => NodePrefix + node;

    public static SampleSource From(ClaimsPrincipal user, ApiKeyStore keys) =>
        NodeIdentity.Find(user) is { } node ? new(NameOfNode(node))
        : ApiKeyAuthentication.FindKey(user) is { } key ? new(TokenActor.TryParse(key)?.Source ?? KeyPrefix + keys.FirstOf(key))
        : throw new InvalidOperationException("The request has neither a node nor a key: its route must require one.");
}

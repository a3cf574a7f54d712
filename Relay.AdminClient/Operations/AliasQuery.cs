using Relay.AdminClient.Transport;

namespace Relay.AdminClient.Operations;

/// <summary>Which aliases to list. What is null excludes none.</summary>
public sealed record AliasQuery
{
    /// <summary>The version that they name.</summary>
    public int? Version { get; init; }

    internal string ToPath(string path) => new QueryText()
        .Add("version", Version)
        .ToPath(path);
}

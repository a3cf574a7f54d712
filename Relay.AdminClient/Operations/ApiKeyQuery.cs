using Relay.AdminClient.Transport;

namespace Relay.AdminClient.Operations;

/// <summary>Which API keys to list. What is null excludes none.</summary>
public sealed record ApiKeyQuery
{
    /// <summary>Such as operator.</summary>
    public string? Role { get; init; }

    /// <summary>valid, expired or revoked.</summary>
    public string? State { get; init; }

    /// <summary>The person whose keys they are.</summary>
    public string? Owner { get; init; }

    internal string ToPath(string path) => new QueryText()
        .Add("role", Role)
        .Add("state", State)
        .Add("owner", Owner)
        .ToPath(path);
}

namespace Shared.Contracts.Api;

/// <summary>A relay with an object store may send a node there for an artifact, where the node says that it follows.</summary>
public static class ArtifactRedirects
{
    /// <summary>Request header of a download: the node takes a 307 to a host that it was told of. Without it the relay sends the bytes.</summary>
    public const string AcceptHeader = "Relay-Accept-Redirect";

    /// <summary>The value of <see cref="AcceptHeader"/>.</summary>
    public const string Accepted = "artifact";
}

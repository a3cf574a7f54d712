namespace Relay.Server.Http.Bodies;

/// <summary>Marks a route whose body is a file, and not JSON.</summary>
internal sealed class BinaryBody
{
    public static BinaryBody Instance { get; } = new();
}

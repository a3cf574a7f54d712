namespace Relay.Server.Http.Bodies;

/// <summary>The body of a request as it came, for a route that keeps it as evidence.</summary>
internal sealed record BufferedBody(ReadOnlyMemory<byte> Bytes);

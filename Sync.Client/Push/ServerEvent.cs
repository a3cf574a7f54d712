namespace Sync.Client.Push;

/// <summary>A server-sent event. Nothing in it is trusted.</summary>
/// <param name="Type">Such as <c>metadata</c>.</param>
/// <param name="Data">Usually JSON in UTF-8.</param>
internal sealed record ServerEvent(string Type, byte[] Data);

namespace Relay.Server.Models.Aliases;

/// <summary>An alias that names a version.</summary>
/// <param name="SetBy">The id of the API key that set it; null where the relay does not know it.</param>
/// <param name="Sha256">Of the version's ONNX file.</param>
internal sealed record StoredAlias(string Alias, int Version, DateTimeOffset SetAt, string? SetBy, string Sha256);

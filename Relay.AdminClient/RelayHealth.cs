using System.Text.Json.Serialization;

namespace Relay.AdminClient;

/// <summary>Whether a relay works.</summary>
/// <param name="Status">ok, or why not.</param>
/// <param name="Warnings">What is due.</param>
public sealed record RelayHealth(string Status, IReadOnlyList<string> Warnings);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RelayHealth))]
internal sealed partial class AdminJson : JsonSerializerContext;

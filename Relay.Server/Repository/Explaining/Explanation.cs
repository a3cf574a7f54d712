using System.Text.Json.Serialization;

namespace Relay.Server.Repository.Explaining;

/// <summary>What a file is, whether a node would accept it now, and why.</summary>
/// <param name="Sha256">Of the file, lower-case hexadecimal.</param>
/// <param name="Kind">timestamp, snapshot, targets, channels, root, model, signature, document, or unknown.</param>
/// <param name="Trusted">True when every step holds.</param>
/// <param name="Steps">From the root that is pinned to the file, in the order in which a node checks them.</param>
internal sealed record Explanation(string File, string Sha256, string Kind, bool Trusted, IReadOnlyList<ExplanationStep> Steps);

/// <summary>One link of the chain.</summary>
/// <param name="Holds">False where a node would refuse.</param>
/// <param name="Detail">One line for people.</param>
internal sealed record ExplanationStep(bool Holds, string Subject, string Detail);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Explanation))]
internal sealed partial class ExplanationJson : JsonSerializerContext;

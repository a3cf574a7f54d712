using System.Text.Json.Serialization;
using Relay.Server.Rollouts.Evidence;

namespace Relay.Server.Rollouts;

/// <summary>What the relay stores of a rollout.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(EvidenceRule))]
[JsonSerializable(typeof(RoundEvidence))]
[JsonSerializable(typeof(RoundVerdict))]
[JsonSerializable(typeof(NodeTally))]
internal sealed partial class RolloutJson : JsonSerializerContext;

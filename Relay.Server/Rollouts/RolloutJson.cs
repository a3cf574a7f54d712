using System.Text.Json.Serialization;
using Relay.Server.Rollouts.Evidence;
using Relay.Server.Rollouts.Planning;

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
[JsonSerializable(typeof(RolloutRule))]
[JsonSerializable(typeof(RolloutState))]
[JsonSerializable(typeof(RolloutDecision))]
internal sealed partial class RolloutJson : JsonSerializerContext;

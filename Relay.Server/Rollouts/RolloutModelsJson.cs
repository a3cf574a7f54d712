using System.Text.Json.Serialization;
using Shared.Contracts.Api;

namespace Relay.Server.Rollouts;

/// <summary>The versions of a rollout's release, as they are stored.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(IReadOnlyList<ModelVersion>))]
internal sealed partial class RolloutModelsJson : JsonSerializerContext;

using Relay.Training.Federated;

namespace Relay.Server.Federation;

/// <summary>How a round ended, as the coordinator tells all owners.</summary>
/// <param name="Fault">Null where all owners have the model.</param>
/// <param name="Detail">A sentence for people.</param>
internal sealed record RoundEnd(RoundFault? Fault, string Detail);

using Shared.Contracts.Http;

namespace Relay.Training.Simulation;

/// <summary>One request of the simulated traffic, with what it really was.</summary>
/// <param name="Class">One of <see cref="HttpFeatureSchema.Classes"/>.</param>
/// <param name="LoginFails">The site answers this request as a failed login.</param>
public sealed record SimulatedRequest(HttpRequestFacts Facts, string Class, bool LoginFails);

using System.Text.Json.Serialization;
using Shared.Contracts.Json;
using Shared.Contracts.Models;

namespace Shared.Contracts.Api;

/// <summary>How a candidate answered real calls beside the version that answers.</summary>
/// <param name="Active">The version that answers.</param>
/// <param name="Candidate">The version that is to take its place.</param>
/// <param name="Calls">Calls that both answered.</param>
/// <param name="Disagreements">Calls with another label, with values further apart than the node allows, or that the candidate failed on.</param>
/// <param name="LargestDifference">Between two numbers of the answers to one call.</param>
public sealed record ShadowReport(
    string Model, int Active, int Candidate, ShadowState State, long Calls, long Disagreements, double LargestDifference);

[JsonConverter(typeof(EnumTextConverter<ShadowState>))]
public enum ShadowState
{
    /// <summary>Calls are still compared.</summary>
    Running,

    /// <summary>The candidate agreed often enough.</summary>
    Agreed,

    /// <summary>It did not, and was refused.</summary>
    Disagreed,

    /// <summary>The node was given something else to run meanwhile.</summary>
    Abandoned,
}

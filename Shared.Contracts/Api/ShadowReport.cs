using System.Text.Json.Serialization;
using Shared.Contracts.Json;
using Shared.Contracts.Models;

namespace Shared.Contracts.Api;

/// <summary>The comparison of a candidate with the active version on real calls.</summary>
/// <param name="Active">The active version.</param>
/// <param name="Candidate">The version that is to replace it.</param>
/// <param name="Calls">Calls that were made to both.</param>
/// <param name="Disagreements">Calls with another label, with values further apart than the node allows, or that failed in the candidate.</param>
/// <param name="LargestDifference">Between two numbers of the answers to one call.</param>
public sealed record ShadowReport(
    string Model, int Active, int Candidate, ShadowState State, long Calls, long Disagreements, double LargestDifference);

[JsonConverter(typeof(EnumTextConverter<ShadowState>))]
public enum ShadowState
{
    /// <summary>The comparison is in progress.</summary>
    Running,

    /// <summary>The candidate agreed often enough.</summary>
    Agreed,

    /// <summary>The candidate did not agree often enough, and was refused.</summary>
    Disagreed,

    /// <summary>The comparison ended early, because the node got another release.</summary>
    Abandoned,
}

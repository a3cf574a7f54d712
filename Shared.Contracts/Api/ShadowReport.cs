using System.Text.Json.Serialization;
using Shared.Contracts.Json;
using Shared.Contracts.Models;

namespace Shared.Contracts.Api;

/// <summary>The comparison of a candidate with the active version on real calls.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record ShadowReport
{
    public required string Model { get; init; }

    /// <summary>The active version.</summary>
    public required int Active { get; init; }

    /// <summary>The version that is to replace it.</summary>
    public required int Candidate { get; init; }

    public required ShadowState State { get; init; }

    /// <summary>Calls that were made to both.</summary>
    public required long Calls { get; init; }

    /// <summary>Calls with another label, with values further apart than the node allows, or that failed in the candidate.</summary>
    public required long Disagreements { get; init; }

    /// <summary>Between two numbers of the answers to one call.</summary>
    public required double LargestDifference { get; init; }
}

[JsonConverter(typeof(TolerantEnumConverter<ShadowState>))]
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

    /// <summary>A state of a newer version.</summary>
    Unknown,
}

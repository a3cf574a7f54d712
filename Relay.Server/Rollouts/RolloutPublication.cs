using Relay.Server.Repository.Publishing;

namespace Relay.Server.Rollouts;

/// <summary>What became of the publication of a step.</summary>
/// <param name="Candidate">The number of the candidate's release; null while it is not made.</param>
/// <param name="Pending">The id under which the release waits for signatures; null where none does.</param>
/// <param name="WaitsFor">Why the step is not published yet; null when it is.</param>
/// <param name="IsFinal">True when no later try can publish it.</param>
internal sealed record RolloutPublication(int? Candidate, string? Pending, string? WaitsFor, bool IsFinal)
{
    /// <summary>The refusal of the release; null where there is none.</summary>
    public PublishRefusal? Refusal { get; init; }

    public static RolloutPublication Made(int? candidate) => new(candidate, null, null, IsFinal: false);

    public static RolloutPublication Waiting(int? candidate, string? pending, string reason) => new(candidate, pending, reason, IsFinal: false);

    public static RolloutPublication Refused(int? candidate, string reason) => new(candidate, null, reason, IsFinal: true);
}

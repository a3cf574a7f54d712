namespace Sync.Client.AspNetCore;

/// <summary>From which score on a request is logged, challenged and blocked. A score is 1 minus the probability of the benign class: between 0 and 1.
/// The default only logs, so that a site sees what would be blocked before it blocks.</summary>
public sealed record ThreatPolicy
{
    /// <summary>The policy of endpoints that are left out.</summary>
    internal static readonly ThreatPolicy Exempt = new();

    /// <summary>The lowest score that is logged. Default 0.7. Null: none.</summary>
    public float? LogFrom { get; init; } = 0.7f;

    /// <summary>The lowest score that is challenged. Default null: none. Needs an <see cref="IThreatChallenge"/>.</summary>
    public float? ChallengeFrom { get; init; }

    /// <summary>The lowest score that is blocked. Default null: none.</summary>
    public float? BlockFrom { get; init; }

    /// <summary>What becomes of a request that could not be scored, because no version is active yet, for example. It never counts as benign. Default
    /// <see cref="ThreatAction.Log"/>; <see cref="ThreatAction.Block"/> for an endpoint that is better closed than unguarded.</summary>
    public ThreatAction Unscored { get; init; } = ThreatAction.Log;

    /// <summary>The strictest action that a verdict reaches.</summary>
    public ThreatAction Decide(in ThreatVerdict verdict) =>
        !verdict.IsScored ? Unscored
        : verdict.Score >= BlockFrom ? ThreatAction.Block
        : verdict.Score >= ChallengeFrom ? ThreatAction.Challenge
        : verdict.Score >= LogFrom ? ThreatAction.Log
        : ThreatAction.Allow;

    /// <summary>What is wrong with it; null for nothing.</summary>
    internal string? FindError(bool hasChallenge)
    {
        (string Name, float? Value)[] scores = [(nameof(LogFrom), LogFrom), (nameof(ChallengeFrom), ChallengeFrom), (nameof(BlockFrom), BlockFrom)];
        return scores.FirstOrDefault(score => score.Value is { } value && value is not (>= 0 and <= 1)) is { Name: { } name, Value: { } wrong }
                ? $"{name} is {wrong}; expected a score from 0 to 1, or null"
            : !Enum.IsDefined(Unscored) ? $"{nameof(Unscored)} is {Unscored}; expected one of {string.Join(", ", Enum.GetNames<ThreatAction>())}"
            : (ChallengeFrom is not null || Unscored is ThreatAction.Challenge) && !hasChallenge
                ? $"it challenges, and the app has no challenge: register one by services.AddSingleton<{nameof(IThreatChallenge)}, ...>()"
            : null;
    }
}

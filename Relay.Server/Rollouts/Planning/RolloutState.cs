using System.Text.Json.Serialization;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;

namespace Relay.Server.Rollouts.Planning;

[JsonConverter(typeof(EnumTextConverter<RolloutStatus>))]
internal enum RolloutStatus
{
    Running,

    /// <summary>It reaches no more nodes and does not time out. Evidence still halts it.</summary>
    Paused,
    Completed,
    Halted,
}

[JsonConverter(typeof(EnumTextConverter<HaltReason>))]
internal enum HaltReason
{
    /// <summary>A comparison or a threshold failed.</summary>
    Evidence,

    /// <summary>A stage did not pass within its longest wait.</summary>
    TimedOut,
    Operator,

    /// <summary>A version of the candidate was revoked.</summary>
    Revoked,
}

/// <summary>How far a rollout is. With the rule it says what the channel's document has to be, so that a relay that was killed at any step of a
/// transition goes on: the state is stored first, and the document follows it.</summary>
internal sealed record RolloutState
{
    public required RolloutStatus Status { get; init; }

    /// <summary>From 1.</summary>
    public required int Stage { get; init; }

    /// <summary>Of the nodes, that have the candidate now.</summary>
    public required double Percentage { get; init; }

    /// <summary>The first round of the stage; rounds are counted from 1 through the whole rollout.</summary>
    public required int FirstRound { get; init; }

    /// <summary>The round in which the stage's percentage was reached; 0 before.</summary>
    public required int TargetRound { get; init; }

    /// <summary>The first round whose pass passes the stage; 0 before its least time is over.</summary>
    public required int PassFrom { get; init; }

    /// <summary>The time in the stage. Rounds follow it.</summary>
    public required TimeSpan InStage { get; init; }

    /// <summary>The part of it in which the stage's percentage was being reached.</summary>
    public required TimeSpan Ramped { get; init; }

    /// <summary>The part of it at the stage's percentage, pauses left out.</summary>
    public required TimeSpan AtTarget { get; init; }

    /// <summary>The relay's clock at the last decision.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>For a halted rollout.</summary>
    public HaltReason? Halted { get; init; }

    public bool HasEnded => Status is RolloutStatus.Completed or RolloutStatus.Halted;

    public static RolloutState Start(DateTimeOffset now) => new()
    {
        Status = RolloutStatus.Running,
        Stage = 1,
        Percentage = 0,
        FirstRound = 1,
        TargetRound = 0,
        PassFrom = 0,
        InStage = TimeSpan.Zero,
        Ramped = TimeSpan.Zero,
        AtTarget = TimeSpan.Zero,
        At = now,
    };

    /// <summary>The round that runs now.</summary>
    public int RoundNow(RolloutRule rule) => FirstRound + (int)(InStage / rule.Round);

    public RolloutStage StageOf(RolloutRule rule) => rule.Stages[Stage - 1];

    /// <summary>The document that the channel has in this state.</summary>
    public ChannelManifest ToManifest(RolloutRule rule, string channel) => Status switch
    {
        RolloutStatus.Completed => new(channel, rule.Candidate),
        RolloutStatus.Halted => new(channel, rule.ReturnTo),
        _ => new(channel, rule.Control, Percentage > 0 ? new ReleaseCandidate(rule.Candidate, Percentage, rule.Salt) : null),
    };
}

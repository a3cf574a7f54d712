using System.Text.Json.Serialization;
using Shared.Contracts.Json;

namespace Relay.Server.Rollouts.Planning;

[JsonConverter(typeof(EnumTextConverter<RolloutAction>))]
internal enum RolloutAction
{
    /// <summary>Nothing but the time has changed.</summary>
    Stay,

    /// <summary>More nodes of the same stage get the candidate.</summary>
    Ramp,

    /// <summary>The next stage begins.</summary>
    Advance,

    /// <summary>The candidate becomes the channel's release.</summary>
    Complete,

    /// <summary>All nodes go back, in one step.</summary>
    Halt,

    /// <summary>It would reach more nodes, and the window is closed.</summary>
    WaitForWindow,
    Pause,
    Resume,
}

/// <summary>What is to be done, and the state that it leads to.</summary>
/// <param name="Reason">For people and for the history.</param>
internal sealed record RolloutDecision(RolloutAction Action, RolloutState State, string Reason)
{
    /// <summary>True when it belongs in the history.</summary>
    public bool IsTransition => Action is not (RolloutAction.Stay or RolloutAction.WaitForWindow or RolloutAction.Ramp);
}

/// <summary>What an operator, or a revocation, wants.</summary>
[JsonConverter(typeof(EnumTextConverter<RolloutCommand>))]
internal enum RolloutCommand
{
    Pause,
    Resume,

    /// <summary>The next stage now, without a verdict.</summary>
    Skip,
    Halt,
    Revoke,
}

[JsonConverter(typeof(EnumTextConverter<RolloutRefusalReason>))]
internal enum RolloutRefusalReason
{
    /// <summary>The rollout is completed or halted.</summary>
    Ended,

    /// <summary>A paused rollout is resumed before a stage is skipped.</summary>
    Paused,

    /// <summary>The release to return to is below the minimum release.</summary>
    CannotReturn,
}

internal sealed record RolloutRefusal(RolloutRefusalReason Reason, string Detail);

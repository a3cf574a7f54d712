using Relay.Server.Rollouts.Evidence;

namespace Relay.Server.Rollouts.Planning;

/// <summary>All that decides how a rollout goes. It is stored before the rollout starts and never changes.</summary>
internal sealed record RolloutRule
{
    private const int MaxStages = 20;
    private const int MaxRoundsOfStage = 1_000;
    private const int MaxSaltLength = 128;

    /// <summary>The release that is rolled out.</summary>
    public required int Candidate { get; init; }

    /// <summary>The release that the other nodes of the channel keep.</summary>
    public required int Control { get; init; }

    /// <summary>The release that all nodes of the channel get when the rollout is halted.</summary>
    public required int ReturnTo { get; init; }

    /// <summary>Decides which nodes come first; different for every rollout.</summary>
    public required string Salt { get; init; }

    /// <summary>With rising percentages; the last one is 100.</summary>
    public required IReadOnlyList<RolloutStage> Stages { get; init; }

    public required EvidenceRule Evidence { get; init; }

    /// <summary>The length of a round: best a half to a sixth of a stage. Many rounds need more evidence to fail.</summary>
    public required TimeSpan Round { get; init; }

    /// <summary>Null: each stage is reached at once.</summary>
    public RampRule? Ramp { get; init; }

    /// <summary>Null: at any time.</summary>
    public AdvanceWindow? Window { get; init; }

    /// <summary>What is wrong with it, or null.</summary>
    public string? FindError() =>
        Candidate < 1 || Control < 1 || ReturnTo < 1 ? "a release is missing"
        : Candidate == Control || Candidate == ReturnTo ? "the candidate is the release that the other nodes keep, or that is returned to"
        : Salt.Length is 0 or > MaxSaltLength || Salt.Any(char.IsControl) ? $"the salt is not a line of 1 to {MaxSaltLength} characters"
        : Stages.Contains(null!) || Stages.Count is 0 or > MaxStages ? $"there are not 1 to {MaxStages} stages"
        : Stages[^1].Percentage != 100 ? "the last stage is not 100%"
        : Stages.Zip(Stages.Skip(1)).Any(pair => pair.First.Percentage >= pair.Second.Percentage) ? "the percentages of the stages do not rise"
        : Round < TimeSpan.FromSeconds(1) || Stages.Any(stage => stage.MaxWait > Round * MaxRoundsOfStage)
            ? $"a round is shorter than a second, or than a part in {MaxRoundsOfStage} of a stage"
        : Stages.Select(stage => stage.FindError()).FirstOrDefault(error => error is not null)
            ?? Ramp?.FindError() ?? Window?.FindError() ?? Evidence.FindError();
}

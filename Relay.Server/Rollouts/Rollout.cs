using System.Text.Json;
using Relay.Server.Http.Access.Tokens;
using Relay.Server.Repository;
using Relay.Server.Rollouts.Planning;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.Rollouts;

/// <summary>A rollout as the database has it. What it intends is committed first, then published, then committed as published: a start that
/// finds an intention repeats its publication, which changes nothing when it was made.</summary>
internal sealed record Rollout
{
    /// <summary>Before the id of an API key, in who did something.</summary>
    public const string KeyPrefix = "key ";

    /// <summary>0 until it is stored.</summary>
    public long Id { get; init; }

    /// <summary>Grows with each change.</summary>
    public long Version { get; init; }

    public required string Channel { get; init; }

    /// <summary>The release that the channel runs, and goes back to.</summary>
    public required int BaseRelease { get; init; }

    /// <summary>Null until the release of <see cref="Models"/> is made.</summary>
    public required int? CandidateRelease { get; init; }

    /// <summary>The versions of a release that the first publication makes; null where the release was there before.</summary>
    public required IReadOnlyList<ModelVersion>? Models { get; init; }

    public required bool AcceptsSchemaChange { get; init; }

    public required string Salt { get; init; }

    /// <summary>In JSON; it never changes.</summary>
    public required string Rule { get; init; }

    /// <summary>In JSON.</summary>
    public required string State { get; init; }

    public required RolloutOutcome Outcome { get; init; }

    /// <summary>What is to be published.</summary>
    public required RolloutStep Step { get; init; }

    /// <summary>Of <see cref="RolloutStep.Stage"/>.</summary>
    public required double Percentage { get; init; }

    /// <summary>True when <see cref="Step"/> is published.</summary>
    public bool IsPublished { get; init; }

    /// <summary>True when its first stage was published: nodes may run the candidate.</summary>
    public bool IsBegun { get; init; }

    /// <summary>The publication of the release that waits for signatures; null where none does.</summary>
    public string? Pending { get; init; }

    /// <summary>Why the step is not published yet; null when it is, or was not tried.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>The last verdicts of a rollout that is over.</summary>
    public string? Summary { get; init; }

    public required string StartedBy { get; init; }

    /// <summary>The id of the API key that started it; null where none did.</summary>
    public string? StartedByKey => FindKey(StartedBy);

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The id of the API key, or the token, in a text of who did something; null where none did.</summary>
    public static string? FindKey(string who) => who.StartsWith(KeyPrefix, StringComparison.Ordinal) ? who[KeyPrefix.Length..]
        : TokenActor.IsToken(who) ? who
        : null;

    public RolloutRule ReadRule() =>
        JsonSerializer.Deserialize(Rule, RolloutJson.Default.RolloutRule)! is var rule && CandidateRelease is { } candidate
            ? rule with { Candidate = candidate }
            : rule;

    public RolloutState ReadState() => JsonSerializer.Deserialize(State, RolloutJson.Default.RolloutState)!;

    public Rollout With(RolloutState state) => this with { State = JsonSerializer.Serialize(state, RolloutJson.Default.RolloutState) };

    public ChannelReservation Reservation => new(Id, Salt);

    /// <summary>The document that the step publishes; null while the candidate has no release.</summary>
    public ChannelManifest? Document => Step switch
    {
        RolloutStep.Return => new(Channel, BaseRelease),
        RolloutStep.Complete when CandidateRelease is { } candidate => new(Channel, candidate),
        RolloutStep.Stage when CandidateRelease is { } candidate => new(Channel, BaseRelease, new(candidate, Percentage, Salt)),
        _ => null,
    };
}

/// <summary>What happened to a rollout.</summary>
/// <param name="Who">The identity of the API key, or <see cref="Relay"/>.</param>
internal sealed record RolloutEvent(long Id, DateTimeOffset At, string Kind, string Detail, string Who)
{
    /// <summary>The relay itself, by the rule.</summary>
    public const string Relay = "relay";
}

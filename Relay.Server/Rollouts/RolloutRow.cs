using System.Text.Json;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Rollouts;

/// <summary>A row of the table.</summary>
internal sealed record RolloutRow
{
    public const string Select = """
        SELECT id, version, channel, base_release AS BaseRelease, candidate_release AS CandidateRelease, models,
            accepts_schema_change AS AcceptsSchemaChange, salt, rule, state, outcome, step, percentage, is_published AS IsPublished, is_begun AS IsBegun, pending,
            waits_for AS WaitsFor, summary, started_by AS StartedBy, created_at AS CreatedAt, finished_at AS FinishedAt
        FROM rollouts
        """;

    public long Id { get; init; }

    public long Version { get; init; }

    public string Channel { get; init; } = "";

    public int BaseRelease { get; init; }

    public int? CandidateRelease { get; init; }

    public string? Models { get; init; }

    public bool AcceptsSchemaChange { get; init; }

    public string Salt { get; init; } = "";

    public string Rule { get; init; } = "";

    public string State { get; init; } = "";

    public string Outcome { get; init; } = "";

    public string Step { get; init; } = "";

    public double Percentage { get; init; }

    public bool IsPublished { get; init; }

    public bool IsBegun { get; init; }

    public string? Pending { get; init; }

    public string? WaitsFor { get; init; }

    public string? Summary { get; init; }

    public string StartedBy { get; init; } = "";

    public long CreatedAt { get; init; }

    public long? FinishedAt { get; init; }

    public Rollout ToRollout() => new()
    {
        Id = Id,
        Version = Version,
        Channel = Channel,
        BaseRelease = BaseRelease,
        CandidateRelease = CandidateRelease,
        Models = Models is null ? null : JsonSerializer.Deserialize(Models, RolloutModelsJson.Default.IReadOnlyListModelVersion),
        AcceptsSchemaChange = AcceptsSchemaChange,
        Salt = Salt,
        Rule = Rule,
        State = State,
        Outcome = Enum.Parse<RolloutOutcome>(Outcome),
        Step = Enum.Parse<RolloutStep>(Step),
        Percentage = Percentage,
        IsPublished = IsPublished,
        IsBegun = IsBegun,
        Pending = Pending,
        WaitsFor = WaitsFor,
        Summary = Summary,
        StartedBy = StartedBy,
        CreatedAt = Instant.FromMilliseconds(CreatedAt),
        FinishedAt = Instant.FromMilliseconds(FinishedAt),
    };
}

using System.Text.Json;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>A training run as the database has it.</summary>
internal sealed record TrainingRunRow
{
    public long Id { get; init; }

    public string Model { get; init; } = "";

    public string Spec { get; init; } = "";

    public string Data { get; init; } = "";

    public string State { get; init; } = "";

    public int? Version { get; init; }

    public string? Fault { get; init; }

    public string? FaultDetail { get; init; }

    public long CreatedAt { get; init; }

    public long? StartedAt { get; init; }

    public long? FinishedAt { get; init; }

    public static string ToName(TrainingRunState state) => state.ToString().ToLowerInvariant();

    public TrainingRun ToView() => new()
    {
        Id = Id,
        Model = Model,
        State = Enum.Parse<TrainingRunState>(State, ignoreCase: true),
        Stage = null,
        Done = 0,
        Total = null,
        Version = Version,
        Problem = Fault is null ? null : new TrainingProblem(Fault, FaultDetail ?? ""),
        Data = Source(),
        CreatedAt = Instant.FromMilliseconds(CreatedAt),
        StartedAt = Instant.FromMilliseconds(StartedAt),
        FinishedAt = Instant.FromMilliseconds(FinishedAt),
    };

    public ClaimedRun ToClaimed() => new(Id, StoredModelJson.ReadSpec(Spec), Source()) { UnknownMember = StoredModelJson.FindUnknownMember(Spec) };

    private TrainingDataSource Source() => JsonSerializer.Deserialize(Data, RelayApiJson.Default.TrainingDataSource)!;
}

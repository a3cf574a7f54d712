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

    public string? StartedBy { get; init; }

    public long? Trigger { get; init; }

    public string? Accept { get; init; }

    public string? Gates { get; init; }

    public string? Stage { get; init; }

    public long Done { get; init; }

    public long? Total { get; init; }

    public int Attempts { get; init; }

    public long CreatedAt { get; init; }

    public long? StartedAt { get; init; }

    public long? FinishedAt { get; init; }

    public static string ToName(TrainingRunState state) => state.ToString().ToLowerInvariant();

    public TrainingRun ToView() => new()
    {
        Id = Id,
        Model = Model,
        State = ReadState(),
        Stage = IsRunning ? Stage : null,
        Done = IsRunning ? Done : 0,
        Total = IsRunning ? Total : null,
        Version = Version,
        Problem = Fault is null ? null : new TrainingProblem(Fault, FaultDetail ?? ""),
        Data = Readable(Source) ?? new TrainingDataSource(),
        Accept = Readable(Accepted),
        Gates = Readable(Judged),
        CreatedAt = Instant.FromMilliseconds(CreatedAt),
        StartedAt = Instant.FromMilliseconds(StartedAt),
        StartedBy = StartedBy,
        Trigger = Trigger,
        FinishedAt = Instant.FromMilliseconds(FinishedAt),
    };

    private bool IsRunning => State == ToName(TrainingRunState.Running);

    public ClaimedRun ToClaimed() => new(Id, StoredModelJson.ReadSpec(Spec), Source())
    {
        UnknownMember = StoredModelJson.FindUnknownMember(Spec),
        Accept = Accepted() ?? [],
        CreatedAt = Instant.FromMilliseconds(CreatedAt),
        Attempt = Attempts,
    };

    private IReadOnlyList<GateAcceptance>? Accepted() =>
        Accept is null ? null : JsonSerializer.Deserialize(Accept, ModelJson.Default.IReadOnlyListGateAcceptance);

    private IReadOnlyList<GateResult>? Judged() =>
        Gates is null ? null : JsonSerializer.Deserialize(Gates, ModelJson.Default.IReadOnlyListGateResult);

    // A row that this version cannot read is shown as far as it can: it must not hide the others.
    private static T? Readable<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private TrainingRunState ReadState() => Enum.TryParse(State, ignoreCase: true, out TrainingRunState state) ? state : TrainingRunState.Failed;

    private TrainingDataSource Source() =>
        JsonSerializer.Deserialize(Data, RelayApiJson.Default.TrainingDataSource) ?? throw new JsonException("The data source is null.");
}

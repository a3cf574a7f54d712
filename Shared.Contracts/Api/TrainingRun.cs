using System.Text.Json.Serialization;
using Shared.Contracts.Models;

namespace Shared.Contracts.Api;

/// <summary>Body of POST <see cref="Routes.TrainingRuns"/>.</summary>
/// <param name="Model">Name of a model whose spec the relay holds.</param>
public sealed record TrainingRunRequest(string Model, TrainingDataSource Data)
{
    /// <summary>The gates that the caller accepts in advance, each with a reason; null for none. Not written where it is null: an earlier relay
    /// does not know it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GateAcceptance>? Accept { get; init; }
}

/// <summary>Where the rows come from: two files, a dataset, or the traffic simulator; of an import, the held-out file and the model.</summary>
public sealed record TrainingDataSource
{
    /// <summary>Path of the training file, relative to the relay's folder of datasets.</summary>
    public string? Train { get; init; }

    /// <summary>Path of the held-out file, relative to the relay's folder of datasets.</summary>
    public string? Test { get; init; }

    public SimulatorSource? Simulator { get; init; }

    /// <summary>The model that a run imports instead of training one; the relay sets it, see <see cref="Routes.ImportOf"/>. Not written where it is
    /// null: an earlier relay does not know it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImportSource? Import { get; init; }

    /// <summary>The dataset of the relay that the rows come from, in place of <see cref="Train"/>; <see cref="Test"/> may name a file. Not written
    /// where it is null: an earlier relay does not know it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DatasetRows? Dataset { get; init; }
}

/// <summary>Rows of a dataset.</summary>
/// <param name="Name">The name of the dataset.</param>
/// <param name="Position">The run sees samples and labels up to this number; null: all that there are when it is queued.</param>
public sealed record DatasetRows(
    string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Position = null);

/// <summary>A model file that was sent to be imported.</summary>
/// <param name="File">Its name, for the card.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
/// <param name="Output">The output of an ONNX graph that holds the answer; null where there is no choice.</param>
/// <param name="Signer">Whose signature over the file the relay verified; null where it came without one.</param>
public sealed record ImportSource(string File, string Sha256, string? Output = null, ImportSigner? Signer = null);

/// <summary>Simulated traffic.</summary>
/// <param name="Requests">Requests to simulate, training and held-out together; 1,000 to 5,000,000.</param>
public sealed record SimulatorSource(int Seed, int Requests);

/// <summary>A training run of the relay.</summary>
public sealed record TrainingRun
{
    public required long Id { get; init; }

    public required string Model { get; init; }

    public required TrainingRunState State { get; init; }

    /// <summary>The stage of a running run, as in the engine's progress; null otherwise.</summary>
    public required string? Stage { get; init; }

    /// <summary>Units done in the stage.</summary>
    public required long Done { get; init; }

    /// <summary>Units in the stage; null where it is not known.</summary>
    public required long? Total { get; init; }

    /// <summary>The version that it created; null unless it succeeded.</summary>
    public required int? Version { get; init; }

    /// <summary>Why it failed; null otherwise.</summary>
    public required TrainingProblem? Problem { get; init; }

    public required TrainingDataSource Data { get; init; }

    /// <summary>The gates that were accepted in advance; null for none.</summary>
    public IReadOnlyList<GateAcceptance>? Accept { get; init; }

    /// <summary>What the gates said of a run that one of them refused; null otherwise. Of a version, the card has them.</summary>
    public IReadOnlyList<GateResult>? Gates { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The id of the API key that started it; null where the relay does not know it.</summary>
    public string? StartedBy { get; init; }

    /// <summary>The trigger that started it; null where a person did.</summary>
    public long? Trigger { get; init; }

    [JsonIgnore]
    public bool IsFinished => State is not (TrainingRunState.Queued or TrainingRunState.Running);
}

/// <summary>Why a run failed.</summary>
/// <param name="Fault">A stable name, such as MissingData, ParityFailed or GateFailed.</param>
/// <param name="Detail">Where, what was expected and what to do, in one line.</param>
public sealed record TrainingProblem(string Fault, string Detail);

[JsonConverter(typeof(JsonStringEnumConverter<TrainingRunState>))]
public enum TrainingRunState
{
    [JsonStringEnumMemberName("queued")] Queued,
    [JsonStringEnumMemberName("running")] Running,
    [JsonStringEnumMemberName("succeeded")] Succeeded,
    [JsonStringEnumMemberName("failed")] Failed,
    [JsonStringEnumMemberName("cancelled")] Cancelled,
}

using Relay.Server.Training;
using Relay.Training;
using Relay.Training.Engines.Common.Checkpoints;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Cli.Local;

/// <summary>The arguments of a training run without a relay.</summary>
internal sealed record LocalTraining
{
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(5);

    /// <summary>The path of a spec file.</summary>
    public required string Spec { get; init; }

    /// <summary>One file for all processes, or one per process; empty with a simulator.</summary>
    public required IReadOnlyList<string> Train { get; init; }

    public required string? Test { get; init; }

    public required SimulatorSource? Simulator { get; init; }

    /// <summary>The file that receives the model.</summary>
    public required string Output { get; init; }

    public required string? Checkpoint { get; init; }

    /// <summary>The file of the model that the new one would replace.</summary>
    public required string? Incumbent { get; init; }

    public required IReadOnlyList<GateAcceptance> Accepted { get; init; }

    public required bool PrintsJson { get; init; }

    /// <summary>Every file that the run reads.</summary>
    public IEnumerable<string> Inputs => ((string?[])[Spec, .. Train, Test, Incumbent, Checkpoint]).OfType<string>();

    /// <exception cref="CommandException">A file that the run reads beside its rows is missing or wrong.</exception>
    public async Task<TrainingJob> CreateJobAsync(CancellationToken cancellationToken)
    {
        (ModelSpec spec, _) = await SpecFile.ReadAsync(Spec, cancellationToken);
        if (Simulator is not null
            && TrainingDataValidator.Validate(new TrainingDataSource { Simulator = Simulator }, spec,
                new DatasetFolder(null)) is { Count: > 0 } errors)
        {
            throw new CommandException($"--simulate: {errors.First().Key}: {errors.First().Value}");
        }

        IncumbentModel? incumbent = Incumbent is null ? null : await IncumbentFile.ReadAsync(Incumbent, cancellationToken);
        return new TrainingJob(spec, incumbent?.Card.Name == spec.Name ? incumbent.Card.Version + 1 : 1, Data())
        {
            Incumbent = incumbent,
            Accepted = Accepted.ToDictionary(a => a.Gate, a => a.Reason, StringComparer.Ordinal),
            Checkpoint = Checkpoint is null ? null : new TrainingCheckpoint(Checkpoint) { Interval = CheckpointInterval },
        };
    }

    private DataOrigin Data() => (Simulator, Train) switch
    {
        ({ } simulator, _) => new DataOrigin.Simulated(simulator.Seed, simulator.Requests),
        (null, [var file]) => new DataOrigin.Files(file, Test),
        (null, _) => new DataOrigin.Parts(Train, Test!),
    };
}

using Relay.Training;
using Relay.Training.Data;
using Relay.Training.Simulation;
using Shared.Contracts.Api;
using Shared.Contracts.Http;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>Opens what a run named as its data.</summary>
internal sealed class TrainingRows(DatasetFolder datasets)
{
    private const double HeldOutShare = 0.25;

    // Fixed, so that the same parameters give the same model. A whole week, so that all hours and weekdays occur on both sides.
    private static readonly DateTimeOffset SimulationStart = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan SimulationSpan = TimeSpan.FromDays(7);

    /// <exception cref="TrainingException">A file that was there when the run was asked for is gone.</exception>
    public DataOrigin Open(ClaimedRun run, IProgress<TrainingProgress> progress, CancellationToken cancellationToken) =>
        run.Data.Simulator is { } simulator
            ? Simulate(run.Spec, simulator, progress, cancellationToken)
            : new DataOrigin.Files(Find(run.Data.Train!), run.Data.Test is { } test ? Find(test) : null, HeldOutShare);

    private string Find(string relativePath) => datasets.Find(relativePath) ?? throw new TrainingException(
        TrainingFault.MissingData, $"{relativePath}: no such file in the relay's folder of datasets; put it back and start the run again.");

    /// <summary>Held out are other clients in a later week, never the same sessions.</summary>
    private static DataOrigin.Rows Simulate(
        ModelSpec spec, SimulatorSource source, IProgress<TrainingProgress> progress, CancellationToken cancellationToken)
    {
        int heldOut = (int)(source.Requests * HeldOutShare);
        TrafficSimulator earlier = new(source.Seed, source.Requests - heldOut, SimulationStart, SimulationSpan);
        TrafficSimulator later = new(unchecked(source.Seed + 1), heldOut, SimulationStart + SimulationSpan, SimulationSpan);
        DataSet train = Ingest(earlier, null);
        return new DataOrigin.Rows(train, Ingest(later, train.Classes));

        DataSet Ingest(TrafficSimulator simulator, IReadOnlyList<string>? classes)
        {
            int[] positions = [.. spec.Features.Select(f => HttpFeatureSchema.Names.Index().Single(n => n.Item == f.Name).Index)];
            float[] values = new float[positions.Length];
            using DataSetBuilder builder = new(spec, $"simulator seed {simulator.Seed}, {simulator.Requests} requests");
            foreach ((float[] features, string itsClass) in FeatureRows.Ingest(simulator.Play()))
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (int i = 0; i < positions.Length; i++)
                {
                    values[i] = features[positions[i]];
                }

                builder.Add(values, itsClass);
                if (builder.Rows % 10_000 == 0)
                {
                    progress.Report(new TrainingProgress("read", builder.Rows, simulator.Requests));
                }
            }

            return builder.Build(classes);
        }
    }
}

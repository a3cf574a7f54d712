using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Shared.Contracts.Http;
using Shared.Contracts.Models;

namespace Relay.Training.Simulation;

/// <summary>Simulated traffic as a data set. The held-out rows are other clients in a later week, never the same sessions.</summary>
public static class SimulatedData
{
    /// <summary>With fewer requests, a class or a feature could be missing in one of the parts.</summary>
    public const int MinRequests = 5_000;

    private const double HeldOutShare = 0.25;

    // Fixed, so that the same parameters give the same model. A whole week, so that all hours and weekdays occur on both sides.
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Span = TimeSpan.FromDays(7);

    /// <param name="spec">Its features are among <see cref="HttpFeatureSchema.Names"/>.</param>
    /// <param name="requests">Of both parts, at least <see cref="MinRequests"/>.</param>
    /// <exception cref="TrainingException">There are too few requests.</exception>
    /// <exception cref="OperationCanceledException">Soon after the request.</exception>
    public static DataSplit Create(
        ModelSpec spec, int seed, int requests, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (requests < MinRequests)
        {
            throw new TrainingException(TrainingFault.TooFewRows, $"simulator: {requests} requests, expected at least {MinRequests}");
        }

        int heldOut = (int)(requests * HeldOutShare);
        TrafficSimulator earlier = new(seed, requests - heldOut, Start, Span);
        TrafficSimulator later = new(unchecked(seed + 1), heldOut, Start + Span, Span);
        DataSet train = Ingest(spec, earlier, null, progress, cancellationToken);
        return new DataSplit(train, Ingest(spec, later, train.Classes, progress, cancellationToken));
    }

    private static DataSet Ingest(
        ModelSpec spec, TrafficSimulator simulator, IReadOnlyList<string>? classes, IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
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
                progress?.Report(new TrainingProgress("read", builder.Rows, simulator.Requests));
            }
        }

        progress?.Report(new TrainingProgress("read", builder.Rows, builder.Rows));
        return builder.Build(classes);
    }
}

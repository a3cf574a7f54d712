using Relay.Training.Engines.Common;

namespace Relay.Training.Data.Features;

/// <summary>Draws about <see cref="TrainingRowFacts.SampleRows"/> of the training rows: the same ones on every machine.</summary>
internal sealed class TrainingSampler(long rows)
{
    private const ulong Seed = 42;

    private readonly HashSampler _sampler = new(Seed, 0, Math.Min(1, (double)TrainingRowFacts.SampleRows / Math.Max(1, rows)));
    private readonly bool _all = rows <= TrainingRowFacts.SampleRows;

    public bool Draws(long row) => _all || _sampler.Draws((ulong)row);
}

using Sync.Client.Scoring;

namespace Sync.Client;

/// <summary>Answers with the active version; each call holds a lease on its scorer.</summary>
internal sealed class RelayModel(string name, ReleaseSlot slot) : IRelayModel
{
    public string Name => name;

    public bool IsReady => slot.Current is not null;

    public ActiveModelVersion Active
    {
        get
        {
            using ScorerLease lease = new(slot, name);
            return lease.Scorer.Version;
        }
    }

    public Prediction Predict(ReadOnlySpan<float> row) => Predict(row, [], []);

    public Prediction Predict(ReadOnlySpan<float> row, Span<float> probabilities) => Predict(row, [], probabilities);

    public Prediction Predict(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories) => Predict(numbers, categories, []);

    public Prediction Predict(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<float> probabilities)
    {
        using ScorerLease lease = new(slot, name);
        return lease.Scorer.Answer(lease.Scorer.Classes, numbers, categories, probabilities);
    }

    public float[] PredictProbabilities(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default)
    {
        using ScorerLease lease = new(slot, name);
        float[] probabilities = new float[lease.Scorer.OutputWidth];
        lease.Scorer.Answer(lease.Scorer.Classes, numbers, categories, probabilities);
        return probabilities;
    }

    public void PredictBatch(
        ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories,
        Span<Prediction> predictions, Span<float> probabilities = default)
    {
        using ScorerLease lease = new(slot, name);
        lease.Scorer.Answer(lease.Scorer.Classes, numbers, categories, predictions, probabilities);
    }

    public AnomalyScore ScoreSamples(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default)
    {
        using ScorerLease lease = new(slot, name);
        return lease.Scorer.Answer(lease.Scorer.Anomalies, numbers, categories, []);
    }

    public void ScoreSamplesBatch(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<AnomalyScore> scores)
    {
        using ScorerLease lease = new(slot, name);
        lease.Scorer.Answer(lease.Scorer.Anomalies, numbers, categories, scores, []);
    }

    public PredictedValue PredictValue(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default)
    {
        using ScorerLease lease = new(slot, name);
        return lease.Scorer.Answer(lease.Scorer.Values, numbers, categories, []);
    }

    public void PredictValueBatch(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<PredictedValue> values)
    {
        using ScorerLease lease = new(slot, name);
        lease.Scorer.Answer(lease.Scorer.Values, numbers, categories, values, []);
    }

    public ActiveModelVersion Transform(ReadOnlySpan<float> rows, Span<float> features)
    {
        using ScorerLease lease = new(slot, name);
        lease.Scorer.Transform(rows, features);
        return lease.Scorer.Version;
    }

    public Explanation Explain(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default)
    {
        using ScorerLease lease = new(slot, name);
        return lease.Scorer.Explain(numbers, categories);
    }
}

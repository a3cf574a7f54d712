using Sync.Client.Scoring;

namespace Sync.Client;

/// <summary>Answers with whatever version is active; each call holds its scorer for as long as it runs.</summary>
internal sealed class RelayModel(string name, ReleaseSlot slot) : IRelayModel
{
    public string Name => name;

    public bool IsReady => slot.Current is not null;

    public ActiveModelVersion Active
    {
        get
        {
            using ScorerLease entered = new(slot, name);
            return entered.Scorer.Version;
        }
    }

    public Prediction Predict(ReadOnlySpan<float> row) => Predict(row, [], []);

    public Prediction Predict(ReadOnlySpan<float> row, Span<float> probabilities) => Predict(row, [], probabilities);

    public Prediction Predict(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories) => Predict(numbers, categories, []);

    public Prediction Predict(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<float> probabilities)
    {
        using ScorerLease entered = new(slot, name);
        return entered.Scorer.Answer(entered.Scorer.Classes, numbers, categories, probabilities);
    }

    public float[] PredictProbabilities(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default)
    {
        using ScorerLease entered = new(slot, name);
        float[] probabilities = new float[entered.Scorer.OutputWidth];
        entered.Scorer.Answer(entered.Scorer.Classes, numbers, categories, probabilities);
        return probabilities;
    }

    public void PredictBatch(
        ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories,
        Span<Prediction> predictions, Span<float> probabilities = default)
    {
        using ScorerLease entered = new(slot, name);
        entered.Scorer.Answer(entered.Scorer.Classes, numbers, categories, predictions, probabilities);
    }

    public AnomalyScore ScoreSamples(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default)
    {
        using ScorerLease entered = new(slot, name);
        return entered.Scorer.Answer(entered.Scorer.Anomalies, numbers, categories, []);
    }

    public void ScoreSamplesBatch(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<AnomalyScore> scores)
    {
        using ScorerLease entered = new(slot, name);
        entered.Scorer.Answer(entered.Scorer.Anomalies, numbers, categories, scores, []);
    }

    public PredictedValue PredictValue(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default)
    {
        using ScorerLease entered = new(slot, name);
        return entered.Scorer.Answer(entered.Scorer.Values, numbers, categories, []);
    }

    public void PredictValueBatch(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<PredictedValue> values)
    {
        using ScorerLease entered = new(slot, name);
        entered.Scorer.Answer(entered.Scorer.Values, numbers, categories, values, []);
    }

    public ActiveModelVersion Transform(ReadOnlySpan<float> rows, Span<float> features)
    {
        using ScorerLease entered = new(slot, name);
        entered.Scorer.Transform(rows, features);
        return entered.Scorer.Version;
    }

    public Explanation Explain(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default)
    {
        using ScorerLease entered = new(slot, name);
        return entered.Scorer.Explain(numbers, categories);
    }
}

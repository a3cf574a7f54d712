using Sync.Client.Activation;
using Sync.Client.Runtime;

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
            OnnxScorer scorer = slot.Enter(name);
            scorer.Leave();
            return scorer.Version;
        }
    }

    public Prediction Predict(ReadOnlySpan<float> row) => Predict(row, [], []);

    public Prediction Predict(ReadOnlySpan<float> row, Span<float> probabilities) => Predict(row, [], probabilities);

    public Prediction Predict(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories) => Predict(numbers, categories, []);

    public Prediction Predict(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<float> probabilities)
    {
        OnnxScorer scorer = slot.Enter(name);
        try
        {
            return scorer.Predict(numbers, categories, probabilities);
        }
        finally
        {
            scorer.Leave();
        }
    }

    public float[] PredictProbabilities(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default)
    {
        OnnxScorer scorer = slot.Enter(name);
        try
        {
            float[] probabilities = new float[scorer.Version.Schema.Classes.Count];
            scorer.Predict(numbers, categories, probabilities);
            return probabilities;
        }
        finally
        {
            scorer.Leave();
        }
    }

    public void PredictBatch(
        ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories,
        Span<Prediction> predictions, Span<float> probabilities = default)
    {
        OnnxScorer scorer = slot.Enter(name);
        try
        {
            scorer.PredictBatch(numbers, categories, predictions, probabilities);
        }
        finally
        {
            scorer.Leave();
        }
    }
}

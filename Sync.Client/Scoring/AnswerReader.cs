using Shared.Contracts.Models;

namespace Sync.Client.Scoring;

/// <summary>Makes the answer of one row out of its numeric output.</summary>
internal abstract class AnswerReader<T>(ActiveModelVersion version)
{
    protected ActiveModelVersion Version { get; } = version;

    /// <param name="outputs">The numbers of one row, none of them NaN.</param>
    public abstract T Read(ReadOnlySpan<float> outputs);
}

/// <summary>The class with the highest probability, the first one on a tie.</summary>
internal sealed class ClassReader(ActiveModelVersion version) : AnswerReader<Prediction>(version)
{
    private readonly string[] _classes = [.. version.Schema.Classes];
    private readonly int _benign = version.Schema.Benign is { } name ? version.Schema.Classes.ToList().IndexOf(name) : -1;

    public override Prediction Read(ReadOnlySpan<float> outputs)
    {
        int best = 0;
        for (int i = 1; i < outputs.Length; i++)
        {
            if (outputs[i] > outputs[best])
            {
                best = i;
            }
        }

        return new Prediction(_classes[best], best, outputs[best], Version.Version, Version.Sha256, best == _benign) { Scorer = Version.Scorer };
    }
}

/// <summary>An anomaly where the score is below the offset.</summary>
internal sealed class AnomalyReader(ActiveModelVersion version) : AnswerReader<AnomalyScore>(version)
{
    private readonly float _offset = version.Offset
        ?? throw new ArgumentException($"{version.Name} is an anomaly detector without an offset.", nameof(version));

    public override AnomalyScore Read(ReadOnlySpan<float> outputs) =>
        new(outputs[0], outputs[0] < _offset, Version.Version, Version.Sha256) { Scorer = Version.Scorer };

    public string LabelOf(ReadOnlySpan<float> outputs) => ModelSchema.AnomalyClasses[Read(outputs).IsAnomaly ? 1 : 0];
}

/// <summary>The number itself.</summary>
internal sealed class ValueReader(ActiveModelVersion version) : AnswerReader<PredictedValue>(version)
{
    public override PredictedValue Read(ReadOnlySpan<float> outputs) =>
        new(outputs[0], Version.Version, Version.Sha256) { Scorer = Version.Scorer };
}

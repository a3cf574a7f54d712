using Shared.Contracts.Onnx.Trees;
using Shared.Scoring.Functions;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Ensembles;

/// <summary>How a classifier makes scores and a label from the raw scores of a row. The standard leaves much open, above all for two
/// classes; this is what ONNX Runtime does, which distinguishes classes that have leaf values from classes that have none.</summary>
/// <param name="labels">The number of each class.</param>
internal sealed class ClassifierRule(PostTransform transform, float[] baseValues, long[] labels, SourceTrees trees)
{
    private readonly OutputPresence[] _presences = OutputPresences.Compute(trees);
    private readonly bool _allPositive = !trees.LeafValues.Any(v => v.Value < 0);
    private readonly bool _hasOneClass = trees.LeafValues.Select(v => v.Output).Distinct().Take(2).Count() == 1;

    /// <summary>Why the classifier cannot be run with the labels of ONNX Runtime, or null.</summary>
    public string? FindUnsupported()
    {
        // ONNX Runtime accepts one base value for two classes.
        bool fits = baseValues.Length == 0 || baseValues.Length == labels.Length || (baseValues.Length == 1 && labels.Length == 2);
        if (labels.Length < 2 || !fits)
        {
            return $"{labels.Length} classes with {baseValues.Length} base values";
        }

        if (Array.IndexOf(_presences, OutputPresence.Sometimes) is >= 0 and var some)
        {
            return $"class {some} is one that not every row reaches";
        }

        if (!_presences.Contains(OutputPresence.Always))
        {
            return "no class has a score";
        }

        // ONNX Runtime would write the first score only.
        return labels.Length == 2 && IsSingle
            && (transform is PostTransform.Probit || (baseValues.Length == 1 && !_hasOneClass))
            ? "one score for two classes"
            : null;
    }

    /// <param name="scores">Raw scores, replaced by scores.</param>
    /// <returns>The label's number.</returns>
    public float Apply(Span<float> scores) => labels.Length > 2 ? ApplyMulticlass(scores) : ApplyBinary(scores);

    // Two classes of which ONNX Runtime keeps the first score only and computes both from it.
    private bool IsSingle => _presences[1] is OutputPresence.Never && baseValues.Length < 2;

    private float ApplyMulticlass(Span<float> scores)
    {
        int best = -1;
        for (int i = 0; i < scores.Length; i++)
        {
            // The base value alone is the score of a class that has no leaf values: 0 + -0 would lose its sign.
            scores[i] = i >= baseValues.Length ? scores[i] : _presences[i] is OutputPresence.Never ? baseValues[i] : scores[i] + baseValues[i];
            bool hasScore = i < baseValues.Length || _presences[i] is OutputPresence.Always;
            if (hasScore && (best < 0 || scores[i] > scores[best]))
            {
                best = i;
            }
        }

        ScoreTransform.Apply(transform, scores);
        return labels[best];
    }

    private float ApplyBinary(Span<float> scores)
    {
        bool hasSecond = _presences[1] is OutputPresence.Always;
        switch (baseValues.Length)
        {
            case 2 when hasSecond:
                scores[1] = baseValues[1] + scores[0];
                scores[0] = -scores[1];
                break;
            case 2:
                scores[1] += baseValues[1];
                scores[0] += baseValues[0];
                break;
            case 1:
                scores[0] += baseValues[0];
                break;
            default:
                break;
        }

        float decisive = hasSecond ? scores[1] : _presences[0] is OutputPresence.Always ? scores[0] : 0;
        bool positive = decisive > (_hasOneClass && _allPositive ? 0.5f : 0);
        if (IsSingle)
        {
            SetBothScores(scores);
        }
        else
        {
            // A class without leaf values scores 0, with or without a base value.
            scores[0] = _presences[0] is OutputPresence.Always ? scores[0] : 0;
            scores[1] = hasSecond ? scores[1] : 0;
            ScoreTransform.Apply(transform, scores);
        }

        // Unless leaves have values for one class only, ONNX Runtime gives the label 1 or 0, whatever numbers the classes have.
        return _hasOneClass ? labels[positive ? 1 : 0] : positive ? 1 : 0;
    }

    private void SetBothScores(Span<float> scores)
    {
        float score = scores[0];
        (scores[0], scores[1]) = (_hasOneClass && _allPositive, transform) switch
        {
            (_, PostTransform.Logistic) => (ScoreTransform.Logistic(-score), ScoreTransform.Logistic(score)),
            (true, _) => (1 - score, score),
            _ => (-score, score),
        };
    }
}

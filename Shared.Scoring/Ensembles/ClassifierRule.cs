using Shared.Scoring.Functions;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Ensembles;

/// <summary>How a classifier goes from the sums of a row to scores and a label. The standard leaves much open, above all for two
/// classes; this is what ONNX Runtime does, which tells apart classes that leaves named and classes that they did not.</summary>
/// <param name="labels">The number of each class.</param>
internal sealed class ClassifierRule(PostTransform transform, float[] baseValues, long[] labels, SourceTrees trees)
{
    private readonly OutputPresence[] _presences = OutputPresences.Of(trees);
    private readonly bool _allPositive = !trees.Leaves.Any(leaf => leaf.Any(v => v.Value < 0));
    private readonly bool _namesOne = trees.Leaves.SelectMany(leaf => leaf).Select(v => v.Output).Distinct().Take(2).Count() == 1;

    /// <summary>Why rows cannot be told apart as there, or null.</summary>
    public string? Fault()
    {
        // One for two classes is allowed, however vague.
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

        // Only the first score would be written.
        return labels.Length == 2 && IsSingle && (transform is PostTransform.Probit || (baseValues.Length == 1 && !_namesOne)) ? "one score for two classes" : null;
    }

    /// <param name="scores">Sums of the trees; turned into scores.</param>
    /// <returns>The label's number.</returns>
    public float Finish(Span<float> scores) => labels.Length > 2 ? OfMany(scores) : OfTwo(scores);

    // Two classes of which ONNX Runtime keeps the first one only, to make both scores of it.
    private bool IsSingle => _presences[1] is OutputPresence.Never && baseValues.Length < 2;

    private float OfMany(Span<float> scores)
    {
        int best = -1;
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] += i < baseValues.Length ? baseValues[i] : 0;
            bool hasScore = i < baseValues.Length || _presences[i] is OutputPresence.Always;
            if (hasScore && (best < 0 || scores[i] > scores[best]))
            {
                best = i;
            }
        }

        ScoreTransform.Apply(transform, scores);
        return labels[best];
    }

    private float OfTwo(Span<float> scores)
    {
        bool secondNamed = _presences[1] is OutputPresence.Always;
        switch (baseValues.Length)
        {
            case 2 when secondNamed:
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

        float decisive = secondNamed ? scores[1] : _presences[0] is OutputPresence.Always ? scores[0] : 0;
        bool positive = decisive > (_namesOne && _allPositive ? 0.5f : 0);
        if (IsSingle)
        {
            Spread(scores);
        }
        else
        {
            // What no leaf named is 0 in the end, base value or not.
            scores[0] = _presences[0] is OutputPresence.Always ? scores[0] : 0;
            scores[1] = secondNamed ? scores[1] : 0;
            ScoreTransform.Apply(transform, scores);
        }

        // Without the binary case the label is 1 or 0, whatever numbers the classes have.
        return _namesOne ? labels[positive ? 1 : 0] : positive ? 1 : 0;
    }

    private void Spread(Span<float> scores)
    {
        float score = scores[0];
        (scores[0], scores[1]) = (_namesOne && _allPositive, transform) switch
        {
            (_, PostTransform.Logistic) => (ScoreTransform.Logistic(-score), ScoreTransform.Logistic(score)),
            (true, _) => (1 - score, score),
            _ => (-score, score),
        };
    }
}

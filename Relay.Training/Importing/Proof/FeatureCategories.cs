using Relay.Training.Engines.Common.Categories;

namespace Relay.Training.Importing.Proof;

/// <summary>The values that a feature can take that a source splits by sets of categories.</summary>
/// <param name="Known">Codes from 0 on that the source knows.</param>
/// <param name="IsText">Whether rows hold texts, of which each stands for a code that is known or is missing.</param>
/// <param name="MaxEach">Up to here each code is tried at every split; beyond it, the first and last of each range of the split's set.</param>
internal readonly record struct FeatureCategories(int Known, bool IsText, int MaxEach)
{
    // Of values that lead to a split.
    private const int MaxTried = 4096;

    private const int MinEach = 64;
    private const long MaxTogether = 200_000_000;

    /// <summary>Where rules differ: missing, negative, between codes, and beyond whole numbers.</summary>
    private static readonly float[] Odd =
    [
        float.NaN, -0f, -1e-36f, 1e-36f, -0.5f, -1f, MathF.BitIncrement(-1f), -2f, 0.5f, 16777215f, 16777216f, 2147483648f, -2147483648f, 1e30f,
        float.PositiveInfinity, float.NegativeInfinity,
    ];

    /// <summary>How many codes are tried at each of some splits: all of them, where the proof comes to an end.</summary>
    public static int EachAt(long splits) => (int)Math.Clamp(MaxTogether / Math.Max(1, splits), MinEach, CategorySets.MaxCodes);

    /// <summary>All codes that are known, one beyond, those at the ends of a set's ranges and one float32 to each side, and a missing value; of
    /// numbers, odd ones too.</summary>
    public IEnumerable<float> ValuesAt(SourceSet set)
    {
        int known = Known;
        int each = Math.Min(MaxEach, IsText ? known : Math.Max(known, (set.Codes is [.., var last] ? last : 0) + 1) + 1);
        IEnumerable<float> codes = Enumerable.Range(0, each).Select(code => (float)code);
        return IsText
            ? codes.Prepend(float.NaN).Concat(EndsOf(set.Codes).Where(code => code >= each && code < known))
            : Odd.Concat(codes).Concat(
                EndsOf(set.Codes).SelectMany(code => (float[])[code, MathF.BitDecrement(code), MathF.BitIncrement(code)]));
    }

    /// <summary>Some of them, of both sides, other ones for each turn.</summary>
    public float[] Choose(SourceSet set, int turn)
    {
        float any = Known == 0 ? float.NaN : turn % Known;
        float listed = set.Codes.Length == 0 ? any : set.Codes[turn % set.Codes.Length];
        return IsText ? [listed, any, float.NaN] : [listed, any, Odd[turn % Odd.Length], Known];
    }

    /// <summary>Values of a column by itself: what is no code, then every code.</summary>
    public IEnumerable<float> All() => ValuesAt(new SourceSet([], GoesLeft: true, MissingLeft: true));

    /// <summary>A value that takes each turn of a path, where there is one.</summary>
    public float FindOn(List<(SourceSet Set, bool IsLeft)> path, float preferred)
    {
        int known = Known;
        IEnumerable<float> candidates = path.SelectMany(step => step.Set.Codes).Where(code => code < known)
            .Concat(Enumerable.Range(0, known)).Select(code => (float)code).Take(MaxTried).Prepend(float.NaN);
        foreach (float value in (float.IsNaN(preferred) || IsCode(preferred) ? [preferred] : Array.Empty<float>()).Concat(candidates))
        {
            if (path.TrueForAll(step => step.Set.SendsLeft(value) == step.IsLeft))
            {
                return value;
            }
        }

        return preferred;
    }

    private static bool IsCode(float value) => value is >= 0 and < CategorySets.MaxCodes && value == MathF.Floor(value);

    private static IEnumerable<float> EndsOf(int[] codes)
    {
        for (int i = 0; i < codes.Length; i++)
        {
            if (i == 0 || codes[i] != codes[i - 1] + 1)
            {
                yield return codes[i] - 1;
                yield return codes[i];
            }

            if (i == codes.Length - 1 || codes[i] != codes[i + 1] - 1)
            {
                yield return codes[i];
                yield return codes[i] + 1;
            }
        }
    }
}

namespace Shared.Scoring.Tests;

/// <summary>Random rows from a seed with many edge cases: ties, thresholds, missing values, infinities, denormals and both zeros.</summary>
internal sealed record TestRows(int Count, float[] Numbers, string[] Categories)
{
    /// <summary>Values that rows and thresholds are both drawn from, so that equality is common.</summary>
    public static IReadOnlyList<float> Values { get; } =
    [
        0f, -0f, 1f, -1f, 0.5f, 0.1f, -3.25f, 2f, 3f, 7f, 1e-40f, -1e-40f, float.Epsilon, 1e30f, float.MaxValue, float.MinValue,
        MathF.BitIncrement(1f), MathF.BitDecrement(1f), float.PositiveInfinity, float.NegativeInfinity,
    ];

    public static TestRows Make(int seed, int count, int width, int categoryWidth = 0, IReadOnlyList<string>? categories = null)
    {
        Random random = new(seed);
        float[] numbers = new float[count * width];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = random.Next(10) switch
            {
                0 => float.NaN,
                < 7 => Values[random.Next(Values.Count)],
                _ => (random.NextSingle() - 0.5f) * 8,
            };
        }

        string[] texts = new string[count * categoryWidth];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = random.Next(5) switch
            {
                0 => "",
                1 => $"unknown {random.Next()}",
                _ => categories![random.Next(categories.Count)],
            };
        }

        return new TestRows(count, numbers, texts);
    }

    /// <summary>Ordinary numbers, spread over a scale.</summary>
    public static TestRows Spread(int seed, int count, int width, float scale)
    {
        Random random = new(seed);
        return new TestRows(count, [.. Enumerable.Range(0, count * width).Select(_ => (random.NextSingle() - 0.5f) * 2 * scale)], []);
    }
}

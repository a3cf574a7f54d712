namespace Relay.TestKit.Rollouts;

/// <summary>The exact bounds of a probability, from how often something occurred.</summary>
internal static class ClopperPearson
{
    public static (double Low, double High) Interval(int count, int runs, double confidence = 0.95)
    {
        double tail = (1 - confidence) / 2;
        double low = count == 0 ? 0 : Bisect(p => 1 - AtMost(count - 1, runs, p) < tail);
        double high = count == runs ? 1 : Bisect(p => AtMost(count, runs, p) > tail);
        return (low, high);
    }

    private static double Bisect(Func<double, bool> isBelow)
    {
        (double low, double high) = (0, 1);
        for (int i = 0; i < 50; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = isBelow(middle) ? (middle, high) : (low, middle);
        }

        return high;
    }

    private static double AtMost(int count, int runs, double probability)
    {
        double term = runs * Math.Log(1 - probability);
        double sum = 0;
        for (int k = 0; k <= count; k++)
        {
            sum += Math.Exp(term);
            term += Math.Log((double)(runs - k) / (k + 1)) + Math.Log(probability / (1 - probability));
        }

        return Math.Min(1, sum);
    }
}

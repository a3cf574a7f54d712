using Relay.TestKit.Rollouts;

namespace Relay.Server.Tests.Rollouts.Evidence;

public sealed class ClopperPearsonTests
{
    /// <summary>No event in n runs: the upper bound is 1 - (0.025)^(1/n). Half of them: symmetric, as in published tables.</summary>
    [Fact]
    public void Interval_KnownCases_AreThoseOfTables()
    {
        (double noneLow, double noneHigh) = ClopperPearson.Interval(0, 1_000);
        (double halfLow, double halfHigh) = ClopperPearson.Interval(10, 20);

        Assert.Equal((0, 1 - Math.Pow(0.025, 1.0 / 1_000)), (noneLow, noneHigh), Close);
        Assert.Equal((0.2720, 0.7280), (halfLow, halfHigh), Close);
    }

    private static bool Close((double Low, double High) one, (double Low, double High) other) =>
        Math.Abs(one.Low - other.Low) < 1e-4 && Math.Abs(one.High - other.High) < 1e-4;
}

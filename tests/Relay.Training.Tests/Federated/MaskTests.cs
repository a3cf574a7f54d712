using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;
using Relay.Training.Federated;

namespace Relay.Training.Tests.Federated;

/// <summary>What leaves an owner says nothing without the other owners' keys, and sums are exact.</summary>
public sealed class MaskTests : IDisposable
{
    private readonly RoundOfOwners _owners = new();

    public void Dispose() => _owners.Dispose();

    /// <summary>AES-256-GCM with a key, a nonce and a block of zeros: test case 14 of the specification of GCM (McGrew and Viega).</summary>
    [Fact]
    public void MaskStream_KeyAndStepOfZeros_IsTheKeyStreamOfTheSpecification()
    {
        using MaskStream stream = new(new byte[32]);
        long[] values = new long[2];

        stream.Add(values, step: 0);

        Assert.Equal("cea7403d4d606b6e074ec5d3baf39d18", Convert.ToHexStringLower(MemoryMarshal.AsBytes(values.AsSpan())));
        stream.Subtract(values, step: 0);
        Assert.Equal([0, 0], values);
    }

    [Fact]
    public void MaskStream_OtherStepOrKey_OtherNumbers()
    {
        using MaskStream stream = new(new byte[32]);
        using MaskStream other = new([.. Enumerable.Repeat((byte)1, 32)]);
        long[] first = new long[4];
        long[] second = new long[4];
        long[] third = new long[4];

        stream.Add(first, 1);
        stream.Add(second, 2);
        other.Add(third, 1);

        Assert.Equal(12, first.Concat(second).Concat(third).Distinct().Count());
    }

    [Fact]
    public void Sum_AnyNumbers_IsExactModulo2To64()
    {
        long[][] parts = [[1, long.MaxValue, -5, 0], [2, 1, long.MinValue, 0], [3, 7, -1, 0]];

        long[][] sums = _owners.Run(group =>
        {
            long[] values = [.. parts[group.Rank]];
            group.Sum(values);
            return values;
        });

        long[] expected = [6, unchecked(long.MaxValue + 8), unchecked(long.MinValue - 6), 0];
        Assert.All(sums, sum => Assert.Equal(expected, sum));
    }

    [Fact]
    public void Sum_MoreNumbersThanAMessageTakes_SeveralMessages()
    {
        const int Numbers = (RoundMessage.MaxPayload / sizeof(long)) + 5;

        (long[] Sums, long Steps)[] found = _owners.Run(group =>
        {
            long[] values = new long[Numbers];
            values.AsSpan().Fill(group.Rank + 1);
            group.Sum(values);
            return (values, group.Steps);
        });

        Assert.All(found, f => Assert.Equal((4, -1), (f.Steps, f.Sums.AsSpan().IndexOfAnyExcept(6))));
    }

    /// <summary>The coordinator has all messages, and the sum of the owners' numbers is not in them either.</summary>
    [Fact]
    [Trait("Attack", "curious-coordinator")]
    public void Messages_OfOwnersWithKnownNumbers_AreRandomForTheCoordinator()
    {
        const int Numbers = 4096;
        ConcurrentDictionary<(int Step, int Owner), long[]> seen = new();

        _owners.Run(
            group =>
            {
                long[] values = new long[Numbers];
                group.Sum(values);
                group.Sum(values);
                return 0;
            },
            (_, step, all) =>
            {
                for (int owner = 0; step >= 2 && owner < all.Length; owner++)
                {
                    seen[(step, owner)] = MemoryMarshal.Cast<byte, long>(RoundMessage.Parse(all[owner]).Payload.Span).ToArray();
                }

                return all;
            });

        long[][] views =
        [
            .. seen.Values, Add(seen[(2, 0)], seen[(2, 1)], seen[(2, 2)]), Add(seen[(2, 0)], Negate(seen[(3, 0)])), Add(seen[(2, 1)], seen[(2, 2)]),
        ];
        Assert.Equal(9, views.Length);
        Assert.All(views, RequireRandom);
    }

    [Fact]
    public void Gather_OfOwners_IsNotPossible() => Assert.Throws<InvalidOperationException>(() => _owners.Run(group => group.Gather([1])));

    [Fact]
    public void Join_TheSameRoundTwice_OtherMasks()
    {
        List<byte[]> payloads = [];
        for (int run = 0; run < 2; run++)
        {
            _owners.Run(
                group =>
                {
                    group.Sum(new long[4]);
                    return 0;
                },
                (receiver, step, all) =>
                {
                    if (receiver == 0 && step == 2)
                    {
                        payloads.AddRange(all.Select(m => RoundMessage.Parse(m).Payload.ToArray()));
                    }

                    return all;
                });
        }

        Assert.Equal(6, payloads.Select(Convert.ToHexString).Distinct().Count());
    }

    // Half of all bits, within six standard deviations, and no number twice.
    internal static void RequireRandom(long[] numbers)
    {
        double bits = numbers.Length * 64.0;
        double set = numbers.Sum(n => (double)BitOperations.PopCount((ulong)n));
        Assert.InRange(set, (bits / 2) - (3 * Math.Sqrt(bits)), (bits / 2) + (3 * Math.Sqrt(bits)));
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
    }

    private static long[] Add(params long[][] parts) =>
        [.. Enumerable.Range(0, parts[0].Length).Select(i => parts.Aggregate(0L, (sum, p) => unchecked(sum + p[i])))];

    private static long[] Negate(long[] numbers) => Array.ConvertAll(numbers, n => unchecked(-n));
}

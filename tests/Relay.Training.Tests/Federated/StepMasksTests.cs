using System.Collections.Concurrent;
using System.Security.Cryptography;
using Relay.Training.Federated;

namespace Relay.Training.Tests.Federated;

/// <summary>Which masks hide what from whom, and that none is used twice.</summary>
public sealed class StepMasksTests : IDisposable
{
    private const int Owners = 3;
    private readonly RoundOfOwners _owners = new();

    public void Dispose() => _owners.Dispose();

    /// <summary>An owner takes off a message all the streams that it knows: the stream of the two others is left, which it does not know.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [Trait("Attack", "curious-owner")]
    public void Mask_WithoutTheStreamsOfOneOwner_HidesTheNumbersOfEachOther(int curious, int other)
    {
        const int Numbers = 4096;
        const long Step = 7;
        long[] message = [.. Enumerable.Repeat(5L, Numbers)];
        using StepMasks masks = new(
            other, [.. Enumerable.Range(0, Owners).Select(o => o == other ? null : PairStream(o, other))], GroupStream());

        masks.Mask(message, Step);
        TakeOffPair(message, curious, other, Step);
        if (other == 0)
        {
            using MaskStream group = GroupStream();
            group.Subtract(message, Step);
        }

        MaskTests.RequireRandom(message);
        TakeOffPair(message, Owners - curious - other, other, Step);
        Assert.All(message, number => Assert.Equal(5, number));
    }

    /// <summary>The coordinator may guess a model: what owners compare does not confirm it, in this run or another.</summary>
    [Fact]
    [Trait("Attack", "curious-coordinator")]
    public void Finish_SameModel_CoordinatorSeesNoDigestOfIt()
    {
        byte[] digest = SHA256.HashData([1]);
        ConcurrentBag<string> seen = [];
        for (int run = 0; run < 2; run++)
        {
            _owners.Run(
                group =>
                {
                    group.Finish(digest);
                    return 0;
                },
                (_, step, all) =>
                {
                    Array.ForEach(step == 2 ? all : [], m => seen.Add(Convert.ToHexString(RoundMessage.Parse(m).Payload.Span)));
                    return all;
                });
        }

        Assert.Equal((2 * Owners * Owners, 2), (seen.Count, seen.Distinct().Count()));
        Assert.DoesNotContain(Convert.ToHexString(digest), seen);
    }

    /// <summary>The same step once more, with other numbers under the same masks, would show by how much they differ.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Attack", "dropped-sum")]
    public void Sum_AfterAStepThatFailed_SendsNothing(bool finishes)
    {
        int exchanges = 0;

        _owners.Run(
            group =>
            {
                Assert.Throws<RoundException>(() => group.Sum([1, 2, 3]));
                Assert.Throws<InvalidOperationException>(() =>
                {
                    if (finishes)
                    {
                        group.Finish(new byte[32]);
                    }
                    else
                    {
                        group.Sum([4, 5, 6]);
                    }
                });
                return 0;
            },
            (_, step, all) =>
            {
                Interlocked.Increment(ref exchanges);
                return step == 2 ? throw new RoundException(RoundFault.CoordinatorLost, "no answer") : all;
            });

        Assert.Equal(3 * Owners, exchanges);
    }

    // Of two owners, the first adds the stream of their pair.
    private static void TakeOffPair(long[] message, int one, int other, long step)
    {
        using MaskStream pair = PairStream(one, other);
        if (other < one)
        {
            pair.Subtract(message, step);
        }
        else
        {
            pair.Add(message, step);
        }
    }

    private static MaskStream PairStream(int one, int other) => new([.. Enumerable.Repeat((byte)(one + other), 32)]);

    private static MaskStream GroupStream() => new([.. Enumerable.Repeat((byte)9, 32)]);
}

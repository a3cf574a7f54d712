using Relay.Training.Recipes.Reputation;
using Shared.Contracts.Addresses;

namespace Relay.Training.Tests.Recipes.Reputation;

public sealed class AddressSetTests
{
    [Fact]
    public void Create_OverlappingAndTouchingRanges_AreOne()
    {
        AddressSet set = AddressSet.Create([new(10, 20), new(15, 30), new(31, 31), new(40, 40), new(uint.MaxValue, uint.MaxValue), new(12, 13)]);

        Assert.Equal([new(10, 31), new(40, 40), new(uint.MaxValue, uint.MaxValue)], set.Ranges);
        Assert.Equal(24, set.Count);
        Assert.Equal([10u, 31, 40, uint.MaxValue], new[] { 0L, 21, 22, 23 }.Select(set.At));
    }

    [Fact]
    public void Except_AnySets_HasWhatTheSecondLacks()
    {
        Random random = new(1);
        for (int round = 0; round < 200; round++)
        {
            AddressSet first = AddressSet.Create(Draw(random));
            AddressSet second = AddressSet.Create(Draw(random));

            AddressSet left = first.Except(second);

            for (uint address = 0; address < 120; address++)
            {
                Assert.Equal(first.Contains(address) && !second.Contains(address), left.Contains(address));
            }
        }
    }

    [Fact]
    public void Cover_AnyRange_IsMadeOfNetworksThatDoNotOverlap()
    {
        Random random = new(2);
        int[] lengths = [32, .. AddressFeatures.Ranges];
        for (int round = 0; round < 200; round++)
        {
            uint first = (uint)random.NextInt64(uint.MaxValue - 300_000);
            AddressRange range = new(first, first + (uint)random.Next(300_000));

            (uint Network, int Length)[] cover = [.. range.Cover(lengths)];

            Assert.All(cover, c => Assert.Equal(0u, c.Length == 32 ? 0 : c.Network << c.Length));
            Assert.Equal(
                [range],
                AddressSet.Create(cover.Select(c => new AddressRange(c.Network, c.Network + (uint)((1UL << (32 - c.Length)) - 1)))).Ranges);
            Assert.Equal(range.Count, cover.Sum(c => 1L << (32 - c.Length)));
            Assert.InRange(cover.Length, 1, 200);
        }

        Assert.Equal([(0xFF000000u, 8)], new AddressRange(0xFF000000, uint.MaxValue).Cover(lengths));
    }

    private static IEnumerable<AddressRange> Draw(Random random) => Enumerable.Range(0, random.Next(6)).Select(_ =>
    {
        uint first = (uint)random.Next(100);
        return new AddressRange(first, first + (uint)random.Next(20));
    });
}

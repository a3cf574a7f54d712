using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Isolation;

namespace Relay.Training.Tests.Engines.Managed.Isolation;

public sealed class RowSubsamplerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(100)]
    public void Draw_AsManyAsThereAre_GivesEachOnce(int rows)
    {
        RowSubsampler draw = new([.. Enumerable.Range(1, rows).Select(w => (long)w)]);
        RandomStream random = new(3, 0);
        int[] drawn = new int[rows];

        for (int i = 0; i < 5; i++)
        {
            draw.Draw(ref random, drawn);
            Assert.Equal(Enumerable.Range(0, rows), drawn.Order());
        }
    }

    [Fact]
    public void Draw_OneRow_ComesInProportionToItsWeight()
    {
        RowSubsampler draw = new([1, 5, 0x1_0000_0000, 0x3_0000_0000]);
        RandomStream random = new(9, 0);
        int[] hits = new int[4];
        int[] drawn = new int[1];
        for (int i = 0; i < 20_000; i++)
        {
            draw.Draw(ref random, drawn);
            hits[drawn[0]]++;
        }

        Assert.Equal(0, hits[0] + hits[1]);
        Assert.InRange(hits[3] / 20_000.0, 0.735, 0.765);
    }

    [Fact]
    public void Draw_TwoRows_FollowsTheChancesAmongThoseLeft()
    {
        // Successive draws by weights 1, 1, 2: rows 0 and 1 together come with 2 x 1/4 x 1/3 = 1/6.
        RowSubsampler draw = new([1, 1, 2]);
        RandomStream random = new(5, 0);
        int[] drawn = new int[2];
        int together = 0;
        for (int i = 0; i < 30_000; i++)
        {
            draw.Draw(ref random, drawn);
            together += drawn.Contains(2) ? 0 : 1;
        }

        Assert.InRange(together / 30_000.0, 0.157, 0.177);
    }
}

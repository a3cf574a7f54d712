using System.Text.Json;
using Shared.Contracts.Models;

namespace Shared.Contracts.Tests.Models;

public sealed class GoldenComparisonTests
{
    private static readonly GoldenVectors Golden = new(
        [[1.5f, null]], [["tcp"]], ["dos"], [[BitConverter.SingleToUInt32Bits(0.25f), BitConverter.SingleToUInt32Bits(0.75f)]]);

    [Fact]
    public void Compare_SameBits_Null() => Assert.Null(GoldenComparison.Compare(Golden, 0, "dos", [0.25f, 0.75f]));

    [Fact]
    public void Compare_OneBitOff_IsADifference() =>
        Assert.Equal(0, GoldenComparison.Compare(Golden, 0, "dos", [0.25f, MathF.BitIncrement(0.75f)])?.Row);

    [Theory]
    [InlineData(0.75000006f, true)]
    [InlineData(0.7500009f, true)]
    [InlineData(0.7500012f, false)]
    [InlineData(float.NaN, false)]
    [InlineData(float.PositiveInfinity, false)]
    public void Compare_AcrossProcessors_AllowsAHairAndNoMore(float probability, bool holds) => Assert.Equal(
        holds, GoldenComparison.Compare(Golden, 0, "dos", [0.25f, probability], GoldenComparison.AcrossProcessors) is null);

    [Fact]
    public void Compare_OtherLabel_IsADifference() => Assert.NotNull(GoldenComparison.Compare(Golden, 0, "normal", [0.25f, 0.75f]));

    [Fact]
    public void Compare_OtherWidth_IsADifference() => Assert.NotNull(GoldenComparison.Compare(Golden, 0, "dos", [0.25f, 0.75f, 0f]));

    [Fact]
    public void Json_ThereAndBack_SameBits()
    {
        float[] edges = [-0f, float.Epsilon, float.MaxValue, float.MinValue, 0.1f, MathF.BitIncrement(0.1f), 1e-40f, 16777217f];
        GoldenVectors golden = Golden with { Numbers = [[.. edges.Cast<float?>(), null]] };

        GoldenVectors back = JsonSerializer.Deserialize(
            JsonSerializer.Serialize(golden, ModelJson.Default.GoldenVectors), ModelJson.Default.GoldenVectors)!;

        Assert.Equal(edges.Select(BitConverter.SingleToUInt32Bits), back.Numbers[0].SkipLast(1).Select(
            v => BitConverter.SingleToUInt32Bits(v!.Value)));
        Assert.Null(back.Numbers[0][^1]);
    }
}

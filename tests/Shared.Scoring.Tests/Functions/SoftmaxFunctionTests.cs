using System.Runtime.Intrinsics.X86;
using Shared.Scoring.Functions;

namespace Shared.Scoring.Tests.Functions;

/// <summary>Compares the variants for different processors. Only the variant of this processor can be compared with ONNX Runtime.</summary>
public sealed class SoftmaxFunctionTests
{
    private const int Rows = 20_000;

    /// <summary>Of a sum of exponentials that is at least 1.</summary>
    private const float Near = 3e-7f;

    [Fact]
    public void SumOfExponentials_EightLanesAndSixteen_SameBitsWhereLanesAddUpAlike()
    {
        Assert.SkipUnless(Avx512F.IsSupported && Fma.IsSupported, "the processor has no AVX-512");
        foreach (int width in (int[])[1, 2, 5, 8])
        {
            ForEachRow(width, values =>
            {
                float[] eight = new float[width];
                float[] sixteen = new float[width];
                Assert.Equal(
                    SoftmaxLanes16.SumOfExponentials(values, shift: -values.Max(), sixteen),
                    SoftmaxLanes8.SumOfExponentials(values, shift: -values.Max(), eight));
                Assert.Equal(sixteen, eight);
            });
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SumOfExponentials_FourLanes_NearTheExactOne(bool fused)
    {
        foreach (int width in (int[])[1, 3, 5, 21])
        {
            ForEachRow(width, values =>
            {
                float largest = values.Max();
                float[] exponentials = new float[width];
                float sum = SoftmaxLanes4.SumOfExponentials(values, -largest, exponentials, fused);

                double exact = values.Sum(v => Math.Exp((double)v - largest));
                Assert.InRange(sum / exact, 1 - Near, 1 + Near);
                Assert.All(values.Zip(exponentials), p => Assert.Equal(Math.Exp((double)p.First - largest), p.Second, Near));
            });
        }
    }

    private static void ForEachRow(int width, Action<float[]> verify)
    {
        foreach (float[] values in TestRows.Spread(width, Rows / width, width, 20).Numbers.Chunk(width))
        {
            verify(values);
        }
    }
}

using Relay.TestKit;
using Relay.TestKit.Models;
using Sync.Native.Interop;

namespace Sync.Native.Tests;

/// <summary>A call of a model allocates nothing: counted through the pointers that C has.</summary>
public sealed unsafe class AllocationTests
{
    private const int Calls = 1000;

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Predict_AfterTheFirstCalls_AllocatesNothing(int categories)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.Combine("model.onnx"), TestModel.Create(numbers: 4, categories: categories).Onnx);
        Assert.Equal(NativeStatus.Ok, NativeApi.LoadUnverifiedFile(folder.Combine("model.onnx"), null, out ulong model));
        using NativeArguments arguments = new();
        byte** texts = arguments.AddAll(Enumerable.Range(0, categories).Select(i => i == 0 ? "udp" : "never seen in training").ToArray());
        float* row = stackalloc float[4 * 64];
        float* probabilities = stackalloc float[3];
        NativePrediction* predictions = stackalloc NativePrediction[64];
        delegate* unmanaged[Cdecl]<ulong, float*, nuint, byte**, nuint, NativePrediction*, float*, nuint, NativeStatus> predict =
            &ScoringExports.Predict;
        delegate* unmanaged[Cdecl]<ulong, nuint, float*, nuint, byte**, nuint, NativePrediction*, float*, nuint, NativeStatus> many =
            &ScoringExports.PredictMany;
        long least = long.MaxValue;
        for (int round = 0; round < Allocations.Rounds; round++)
        {
            ulong before = NativeApi.AllocatedBytes;
            for (int call = 0; call < Calls; call++)
            {
                predict(model, row, 4, texts, (nuint)categories, predictions, null, 0);
                predict(model, row, 4, texts, (nuint)categories, predictions, probabilities, 3);
                many(model, categories == 0 ? 64u : 1u, row, categories == 0 ? 256u : 4u, texts, (nuint)categories, predictions, null, 0);
            }

            least = Math.Min(least, (long)(NativeApi.AllocatedBytes - before));
        }

        Assert.Equal(0, least);
        NativeApi.CloseModel(model);
    }
}

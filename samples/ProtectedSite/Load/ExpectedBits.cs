using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Shared.Contracts.Models;
using Sync.Client.OnnxRuntime;

namespace ProtectedSite.Load;

/// <summary>The expected answers of a version for the fixed rows, computed by a separate ONNX Runtime session from the file in the
/// store, not by the code under test.</summary>
internal static class ExpectedBits
{
    public static float[][] Compute(byte[] onnx, FixedRows rows)
    {
        using InferenceSession session = OnnxSessions.Open(onnx);
        return [.. Enumerable.Range(0, rows.Numbers.Length).Select(row => Run(session, rows, row))];
    }

    private static float[] Run(InferenceSession session, FixedRows rows, int row)
    {
        int number = 0;
        int category = 0;
        List<NamedOnnxValue> inputs = [.. rows.Schema.Inputs.Select(input => input.Type is ColumnType.Number
            ? NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<float>(new[] { rows.Numbers[row][number++] }, [1, 1]))
            : NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<string>(new[] { rows.Categories[row][category++] }, [1, 1])))];
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> answer =
            session.Run(inputs, [ModelSchema.ProbabilitiesOutput]);
        return [.. answer[0].AsTensor<float>()];
    }
}

using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Shared.Contracts.Onnx;
using Shared.Scoring.Compilation;
using Shared.Scoring.Graph;
using Shared.Scoring.Kernels;
using Sync.Client.OnnxRuntime;

namespace Shared.Scoring.Tests;

/// <summary>Runs a graph in the managed scorer and in ONNX Runtime on one thread, and compares every bit.</summary>
internal static class SameBits
{
    public static Unsupported? TryCompile(ModelProto model, string output, out GraphPlan? plan) =>
        TryCompile(model, output, forest => new InterleavedKernel(forest), out plan);

    /// <summary>Compares numbers of all rows at once and row by row, with the kernel for any forest and with the one expected to be fastest;
    /// of a label, the texts.</summary>
    public static void AssertEqual(ModelProto model, string output, TestRows rows)
    {
        Assert.Null(TryCompile(model, output, out GraphPlan? plan));
        Assert.Null(TryCompile(model, output, forest => KernelCatalog.CreateAll(forest).First(), out GraphPlan? fastest));
        float[] batch = RunAtOnce(plan!, rows);
        Assert.Equal(Bits(batch), Bits(RunRowByRow(plan!, rows)));
        Assert.Equal(Bits(batch), Bits(RunAtOnce(fastest!, rows)));
        Assert.Equal(Bits(batch), Bits(RunRowByRow(fastest!, rows)));
        AssertEqualToOnnxRuntime(model, output, rows, plan!, batch);
    }

    private static Unsupported? TryCompile(ModelProto model, string output, KernelFactory kernels, out GraphPlan? plan) =>
        GraphCompiler.Compile(model, [.. model.Graph.Input.Select(i => i.Name)], output, kernels, out plan);

    private static float[] RunAtOnce(GraphPlan plan, TestRows rows)
    {
        float[] result = new float[rows.Count * plan.Output.Width];
        plan.Run(rows.Numbers, rows.Categories, rows.Count, result);
        return result;
    }

    private static float[] RunRowByRow(GraphPlan plan, TestRows rows)
    {
        float[] result = new float[rows.Count * plan.Output.Width];
        for (int row = 0; row < rows.Count; row++)
        {
            plan.Run(
                rows.Numbers.AsSpan(row * plan.NumberWidth, plan.NumberWidth),
                rows.Categories.AsSpan(row * plan.CategoryWidth, plan.CategoryWidth), 1,
                result.AsSpan(row * plan.Output.Width, plan.Output.Width));
        }

        return result;
    }

    private static void AssertEqualToOnnxRuntime(ModelProto model, string output, TestRows rows, GraphPlan plan, float[] batch)
    {
        using OrtValue expected = RunOnnxRuntime(model, output, rows);
        if (plan.Texts is { } texts)
        {
            Assert.Equal(expected.GetStringTensorAsArray(), batch.Select(i => i < texts.Length && i >= 0 ? texts[(int)i] : texts[^1]));
            return;
        }

        float[] wanted = expected.GetTensorTypeAndShape().ElementDataType switch
        {
            TensorElementType.Float => expected.GetTensorDataAsSpan<float>().ToArray(),
            TensorElementType.Int64 => Array.ConvertAll(expected.GetTensorDataAsSpan<long>().ToArray(), i => (float)i),
            _ => Array.ConvertAll(expected.GetTensorDataAsSpan<bool>().ToArray(), b => b ? 1f : 0f),
        };
        AssertSame(wanted, batch, plan.Output.Width);
    }

    public static OrtValue RunOnnxRuntime(ModelProto model, string output, TestRows rows)
    {
        using InferenceSession session = OnnxSessions.Open(model.ToByteArray());
        using RunOptions options = new();
        Dictionary<string, OrtValue> inputs = [];
        (int[] widths, bool[] texts) = Columns(model);
        int numberWidth = widths.Where((_, i) => !texts[i]).Sum();
        int categoryWidth = texts.Count(t => t);
        int number = 0;
        int category = 0;
        for (int i = 0; i < widths.Length; i++)
        {
            string name = model.Graph.Input[i].Name;
            if (texts[i])
            {
                int column = category++;
                inputs.Add(name, Texts(rows, r => rows.Categories[r * categoryWidth + column]));
                continue;
            }

            float[] values = [.. Enumerable.Range(0, rows.Count).SelectMany(
                r => rows.Numbers.Skip(r * numberWidth + number).Take(widths[i]))];
            number += widths[i];
            inputs.Add(name, OrtValue.CreateTensorValueFromMemory(values, [rows.Count, widths[i]]));
        }

        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, inputs, [output]);
        OrtValue result = Clone(outputs[0]);
        foreach (OrtValue input in inputs.Values)
        {
            input.Dispose();
        }

        return result;
    }

    private static (int[] Widths, bool[] Texts) Columns(ModelProto model) =>
        ([.. model.Graph.Input.Select(i => (int)i.Type.TensorType.Shape.Dim[1].DimValue)],
         [.. model.Graph.Input.Select(i => i.Type.TensorType.ElemType == (int)TensorProto.Types.DataType.String)]);

    private static OrtValue Texts(TestRows rows, Func<int, string> text)
    {
        OrtValue value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [rows.Count, 1]);
        for (int row = 0; row < rows.Count; row++)
        {
            value.StringTensorSetElementAt(text(row).AsSpan(), row);
        }

        return value;
    }

    // A copy, because disposing the collection of outputs frees them.
    private static OrtValue Clone(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        switch (info.ElementDataType)
        {
            case TensorElementType.String:
                string[] texts = value.GetStringTensorAsArray();
                OrtValue copy = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, info.Shape);
                for (int i = 0; i < texts.Length; i++)
                {
                    copy.StringTensorSetElementAt(texts[i].AsSpan(), i);
                }

                return copy;
            case TensorElementType.Float:
                return OrtValue.CreateTensorValueFromMemory(value.GetTensorDataAsSpan<float>().ToArray(), info.Shape);
            case TensorElementType.Int64:
                return OrtValue.CreateTensorValueFromMemory(value.GetTensorDataAsSpan<long>().ToArray(), info.Shape);
            default:
                return OrtValue.CreateTensorValueFromMemory(value.GetTensorDataAsSpan<bool>().ToArray(), info.Shape);
        }
    }

    private static void AssertSame(float[] expected, float[] got, int width)
    {
        Assert.Equal(expected.Length, got.Length);
        uint[] wanted = Bits(expected);
        uint[] bits = Bits(got);
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.True(
                wanted[i] == bits[i],
                $"row {i / width}, value {i % width}: {got[i]:R} ({bits[i]:x8}) where ONNX Runtime has {expected[i]:R} ({wanted[i]:x8})");
        }
    }

    // All NaN are equal: which one an operation gives depends on the processor.
    private static uint[] Bits(float[] values) =>
        Array.ConvertAll(values, v => float.IsNaN(v) ? 0x7fc00000 : BitConverter.SingleToUInt32Bits(v));
}

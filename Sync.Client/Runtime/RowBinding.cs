using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Shared.Contracts.Models;

namespace Sync.Client.Runtime;

/// <summary>Buffers for a fixed number of rows, bound once to the inputs of the graph and to its probabilities. One call at
/// a time; a run copies in, runs and reads, and allocates nothing.</summary>
internal sealed class RowBinding : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions runOptions = new();
    private readonly OrtIoBinding io;
    private readonly List<OrtValue> values = [];
    private readonly OrtValue[] categories;

    // Pinned for life. Column after column, because the graph has one input per column: with one row that is the row itself.
    private readonly float[] numbers;
    private readonly float[] probabilities;
    private readonly int width;
    private readonly int classes;

    public RowBinding(InferenceSession session, ModelSchema schema, int rows)
    {
        this.session = session;
        Rows = rows;
        width = schema.Inputs.Count(c => c.Type == ColumnType.Number);
        classes = schema.Classes.Count;
        numbers = GC.AllocateArray<float>(width * rows, pinned: true);
        probabilities = GC.AllocateArray<float>(classes * rows, pinned: true);
        io = session.CreateIoBinding();
        categories = BindInputs(schema);
        OrtValue output = Tensor(probabilities, 0, [rows, classes]);
        io.BindOutput(ModelSchema.ProbabilitiesOutput, output);
    }

    public int Rows { get; }

    /// <summary>Rows answered through this binding. Written by whoever holds it, read by anybody.</summary>
    public long Predictions { get; private set; }

    public void SetRow(int row, ReadOnlySpan<float> rowNumbers, ReadOnlySpan<string> rowCategories)
    {
        if (Rows == 1)
        {
            rowNumbers.CopyTo(numbers);
        }
        else
        {
            for (int c = 0; c < rowNumbers.Length; c++)
            {
                numbers[c * Rows + row] = rowNumbers[c];
            }
        }

        for (int c = 0; c < rowCategories.Length; c++)
        {
            categories[c].StringTensorSetElementAt(rowCategories[c].AsSpan(), row);
        }
    }

    public void Run()
    {
        session.RunWithBinding(runOptions, io);
        Predictions += Rows;
    }

    public ReadOnlySpan<float> Probabilities(int row) => probabilities.AsSpan(row * classes, classes);

    public void Dispose()
    {
        io.Dispose();
        values.ForEach(v => v.Dispose());
        runOptions.Dispose();
    }

    private OrtValue[] BindInputs(ModelSchema schema)
    {
        List<OrtValue> texts = [];
        int column = 0;
        foreach (ColumnSpec input in schema.Inputs)
        {
            OrtValue value = input.Type == ColumnType.Number ? Tensor(numbers, column++ * Rows, [Rows, 1]) : Texts(texts);
            io.BindInput(input.Name, value);
        }

        return [.. texts];
    }

    private unsafe OrtValue Tensor(float[] pinned, int offset, long[] shape)
    {
        fixed (float* start = pinned)
        {
            OrtValue value = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape,
                (nint)(start + offset), shape[0] * shape[1] * sizeof(float));
            values.Add(value);
            return value;
        }
    }

    private OrtValue Texts(List<OrtValue> texts)
    {
        OrtValue value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [Rows, 1]);
        values.Add(value);
        texts.Add(value);
        return value;
    }
}

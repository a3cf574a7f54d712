using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Shared.Contracts.Models;

namespace Sync.Client.OnnxRuntime;

/// <summary>Buffers for a fixed number of rows, bound once to the inputs of the graph and to its numeric output. One call uses them at a
/// time; a run allocates nothing.</summary>
internal sealed class RowBinding : IDisposable
{
    private readonly InferenceSession _session;
    // ONNX Runtime throws errors and would write them to the console as well.
    private readonly RunOptions _runOptions = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly OrtIoBinding _io;
    private readonly List<OrtValue> _values = [];
    private readonly OrtValue[] _categories;

    // Pinned. Column after column, because the graph has one input per column; with one row, that is the row.
    private readonly float[] _numbers;
    private readonly float[] _outputs;
    private readonly int _width;

    public RowBinding(InferenceSession session, ModelSchema schema, int rows)
    {
        _session = session;
        Rows = rows;
        _width = schema.Inputs.Count(c => c.Type == ColumnType.Number);
        _numbers = GC.AllocateArray<float>(_width * rows, pinned: true);
        _outputs = GC.AllocateArray<float>(schema.OutputWidth * rows, pinned: true);
        _io = session.CreateIoBinding();
        _categories = BindInputs(schema);
        OrtValue output = Tensor(_outputs, 0, [rows, schema.OutputWidth]);
        _io.BindOutput(schema.NumericOutput, output);
    }

    public int Rows { get; }

    /// <summary>The number of rows scored through this binding. Only the call that holds the binding writes it; any thread reads
    /// it.</summary>
    public long ScoredRows { get; private set; }

    /// <summary>Fills all rows.</summary>
    /// <param name="numbers">Row after row.</param>
    /// <param name="categories">Row after row.</param>
    public void SetRows(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories)
    {
        if (Rows == 1)
        {
            numbers.CopyTo(_numbers);
        }
        else
        {
            for (int row = 0; row < Rows; row++)
            {
                for (int c = 0; c < _width; c++)
                {
                    _numbers[(c * Rows) + row] = numbers[(row * _width) + c];
                }
            }
        }

        for (int i = 0; i < categories.Length; i++)
        {
            _categories[i % _categories.Length].StringTensorSetElementAt(categories[i].AsSpan(), i / _categories.Length);
        }
    }

    public void Run()
    {
        _session.RunWithBinding(_runOptions, _io);
        ScoredRows += Rows;
    }

    /// <summary>Row after row.</summary>
    public ReadOnlySpan<float> Outputs => _outputs;

    public void Dispose()
    {
        _io.Dispose();
        _values.ForEach(v => v.Dispose());
        _runOptions.Dispose();
    }

    private OrtValue[] BindInputs(ModelSchema schema)
    {
        List<OrtValue> texts = [];
        int column = 0;
        foreach (ColumnSpec input in schema.Inputs)
        {
            OrtValue value = input.Type == ColumnType.Number ? Tensor(_numbers, column++ * Rows, [Rows, 1]) : Texts(texts);
            _io.BindInput(input.Name, value);
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
            _values.Add(value);
            return value;
        }
    }

    private OrtValue Texts(List<OrtValue> texts)
    {
        OrtValue value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [Rows, 1]);
        _values.Add(value);
        texts.Add(value);
        return value;
    }
}

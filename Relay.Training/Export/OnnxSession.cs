using Microsoft.ML.OnnxRuntime;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Export;

/// <summary>A session of ONNX Runtime on one thread, as on nodes: more threads change the order of sums and with it the bits.</summary>
public sealed class OnnxSession : IDisposable
{
    /// <summary>Rows per call: enough to hide its cost, few enough to stay in cache.</summary>
    internal const int BlockRows = 4096;

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly Dictionary<string, int> _classIndex;
    private readonly ModelSchema _schema;
    private readonly string[] _outputs;

    /// <param name="schema">What the graph promises.</param>
    /// <exception cref="TrainingException">With InvalidGraph: ONNX Runtime does not load the graph.</exception>
    public OnnxSession(byte[] model, ModelSchema schema)
    {
        _schema = schema;
        _outputs = schema.HasLabels ? [schema.NumericOutput, ModelSchema.LabelOutput] : [schema.NumericOutput];
        _classIndex = schema.Classes.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i, StringComparer.Ordinal);
        try
        {
            _session = RuntimeSession.Open(model);
        }
        catch (OnnxRuntimeException e)
        {
            throw new TrainingException(TrainingFault.InvalidGraph, $"ONNX Runtime does not load the graph: {e.Message}", e);
        }
    }

    /// <param name="columns">One per input of the graph, all with the same number of rows.</param>
    /// <param name="blockRows">Rows per call of ONNX Runtime; any number gives the same bits.</param>
    /// <param name="rowsDone">Receives the number of rows done so far.</param>
    public Predictions Predict(
        IReadOnlyList<DataColumn> columns, int rows, int blockRows = BlockRows, Action<long>? rowsDone = null,
        CancellationToken cancellationToken = default)
    {
        int width = _schema.OutputWidth;
        float[] values = new float[checked(rows * width)];
        int[] labels = new int[_schema.HasLabels ? rows : 0];
        for (int start = 0; start < rows; start += blockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(blockRows, rows - start);
            RunBlock(
                columns, start, count, labels.AsSpan(_schema.HasLabels ? start.. : ..), values.AsSpan(start * width, count * width));
            rowsDone?.Invoke(start + count);
        }

        return new Predictions(width, values, labels);
    }

    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
    }

    private void RunBlock(IReadOnlyList<DataColumn> columns, int start, int count, Span<int> labels, Span<float> values)
    {
        Dictionary<string, OrtValue> inputs = new(columns.Count, StringComparer.Ordinal);
        try
        {
            foreach (DataColumn column in columns)
            {
                inputs.Add(column.Name, Tensor(column, start, count));
            }

            using IDisposableReadOnlyCollection<OrtValue> outputs =
                _session.Run(_runOptions, inputs, _outputs);
            outputs[0].GetTensorDataAsSpan<float>().CopyTo(values);
            string[] names = _schema.HasLabels ? outputs[1].GetStringTensorAsArray() : [];
            for (int row = 0; row < names.Length; row++)
            {
                labels[row] = _classIndex[names[row]];
            }
        }
        catch (OnnxRuntimeException e)
        {
            throw new TrainingException(TrainingFault.InvalidGraph, $"ONNX Runtime does not run the graph: {e.Message}", e);
        }
        finally
        {
            foreach (OrtValue input in inputs.Values)
            {
                input.Dispose();
            }
        }
    }

    private static OrtValue Tensor(DataColumn column, int start, int count)
    {
        long[] shape = [count, 1];
        switch (column)
        {
            case NumberColumn number:
                return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, number.Values.AsMemory(start, count), shape);
            case CategoryColumn category:
                OrtValue texts = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);
                for (int row = 0; row < count; row++)
                {
                    int code = category.Codes[start + row];
                    if (code >= 0)
                    {
                        texts.StringTensorSetElementAt(category.Categories[code].AsSpan(), row);
                    }
                }

                return texts;
            default:
                throw new ArgumentException($"A column of type {column.GetType().Name} has no tensor.", nameof(column));
        }
    }
}

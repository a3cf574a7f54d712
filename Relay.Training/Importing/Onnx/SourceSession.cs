using System.Globalization;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Relay.Training.Importing.Onnx;

/// <summary>Runs the source by itself in ONNX Runtime, on one thread, with its own inputs and outputs.</summary>
internal sealed class SourceSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly OnnxSource _source;
    private readonly string[] _outputs;

    /// <exception cref="TrainingException">With InvalidModelFile: ONNX Runtime does not load it.</exception>
    public SourceSession(OnnxSource source, int features)
    {
        _source = source;
        _outputs = source.Answer.Label is { } label ? [source.Answer.Tensor, label] : [source.Answer.Tensor];
        using SessionOptions options = new()
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        try
        {
            _session = new InferenceSession(source.Model.ToByteArray(), options);
        }
        catch (OnnxRuntimeException e)
        {
            throw OnnxSource.Refuse($"ONNX Runtime does not load it: {e.Message}", e);
        }

        try
        {
            Width = Run([new float[features]]).Width;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Numbers per row.</summary>
    public int Width { get; }

    /// <summary>Numbers row after row, and the label of each row as text, empty where the source has none.</summary>
    /// <param name="rows">Features in the order of the source.</param>
    /// <exception cref="TrainingException">With InvalidModelFile: ONNX Runtime does not run it.</exception>
    public (double[] Values, int Width, string[] Labels) Run(IReadOnlyList<float[]> rows)
    {
        List<OrtValue> inputs = [];
        try
        {
            if (_source.IsMatrix)
            {
                inputs.Add(Tensor([.. rows.SelectMany(r => r)], rows.Count, rows[0].Length));
            }
            else
            {
                inputs.AddRange(Enumerable.Range(0, rows[0].Length).Select(f => Tensor([.. rows.Select(r => r[f])], rows.Count, 1)));
            }

            string[] names = [.. _source.Inputs.Select(i => i.Name)];
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_runOptions, names, inputs, _outputs);
            double[] values = Numbers(outputs[0]);
            return values.Length > 0 && values.Length % rows.Count == 0
                ? (values, values.Length / rows.Count, outputs.Count > 1 ? Labels(outputs[1]) : [])
                : throw OnnxSource.Refuse($"{values.Length} numbers for {rows.Count} rows; expected the same number of them for each row");
        }
        catch (OnnxRuntimeException e)
        {
            throw OnnxSource.Refuse($"ONNX Runtime does not run it: {e.Message}", e);
        }
        finally
        {
            inputs.ForEach(i => i.Dispose());
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
    }

    private OrtValue Tensor(float[] values, int rows, int columns) => _source.InputType is DataType.Double
        ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, v => (double)v), [rows, columns])
        : OrtValue.CreateTensorValueFromMemory(values, [rows, columns]);

    private static double[] Numbers(OrtValue output) => output.GetTensorTypeAndShape().ElementDataType switch
    {
        TensorElementType.Float => Array.ConvertAll(output.GetTensorDataAsSpan<float>().ToArray(), v => (double)v),
        TensorElementType.Double => output.GetTensorDataAsSpan<double>().ToArray(),
        var other => throw OnnxSource.Refuse($"the answer has the type {other}, expected float or double"),
    };

    private static string[] Labels(OrtValue output) => output.GetTensorTypeAndShape().ElementDataType is TensorElementType.String
        ? output.GetStringTensorAsArray()
        : Array.ConvertAll(output.GetTensorDataAsSpan<long>().ToArray(), v => v.ToString(CultureInfo.InvariantCulture));
}

using System.Globalization;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Relay.Training.Export;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Relay.Training.Importing.Onnx;

/// <summary>Runs the source by itself in ONNX Runtime, on one thread, with its own inputs and outputs.</summary>
internal sealed class SourceSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly Lazy<InferenceSession> _withoutLabel;
    private readonly RunOptions _runOptions = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly OnnxSource _source;
    private readonly string[] _outputs;

    /// <exception cref="TrainingException">With InvalidModelFile: ONNX Runtime does not load it.</exception>
    public SourceSession(OnnxSource source, int features)
    {
        _source = source;
        _outputs = source.Answer.Label is { } label ? [source.Answer.Tensor, label] : [source.Answer.Tensor];
        _session = Load(source.Model);
        _withoutLabel = new Lazy<InferenceSession>(() => Load(source.WithoutLabel()));

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
        try
        {
            return Run(_session, rows, _outputs);
        }
        catch (OnnxRuntimeException) when (_outputs.Length > 1)
        {
            return RunInParts(rows);
        }
        catch (OnnxRuntimeException e)
        {
            throw OnnxSource.Refuse($"ONNX Runtime does not run it: {e.Message}", e);
        }
    }

    private static InferenceSession Load(ModelProto model)
    {
        try
        {
            return RuntimeSession.Open(model.ToByteArray());
        }
        catch (OnnxRuntimeException e)
        {
            throw OnnxSource.Refuse($"ONNX Runtime does not load it: {e.Message}", e);
        }
    }

    // An operator that makes labels may fail at a missing value, as ML.NET's Binarizer does: such rows have no label, and the others keep theirs.
    private (double[] Values, int Width, string[] Labels) RunInParts(IReadOnlyList<float[]> rows)
    {
        if (rows.Count == 1)
        {
            try
            {
                (double[] numbers, int own, _) = Run(_withoutLabel.Value, rows, _outputs[..1]);
                return (numbers, own, [""]);
            }
            catch (OnnxRuntimeException e)
            {
                throw OnnxSource.Refuse($"ONNX Runtime does not run it: {e.Message}", e);
            }
        }

        (double[] first, int width, string[] firstLabels) = Run([.. rows.Take(rows.Count / 2)]);
        (double[] second, _, string[] secondLabels) = Run([.. rows.Skip(rows.Count / 2)]);
        return ([.. first, .. second], width, [.. firstLabels, .. secondLabels]);
    }

    private (double[] Values, int Width, string[] Labels) Run(InferenceSession session, IReadOnlyList<float[]> rows, string[] wanted)
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
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(_runOptions, names, inputs, wanted);
            double[] values = Numbers(outputs[0]);
            return values.Length > 0 && values.Length % rows.Count == 0
                ? (values, values.Length / rows.Count, outputs.Count > 1 ? Labels(outputs[1]) : [])
                : throw OnnxSource.Refuse($"{values.Length} numbers for {rows.Count} rows; expected the same number of them for each row");
        }
        finally
        {
            inputs.ForEach(i => i.Dispose());
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        if (_withoutLabel.IsValueCreated)
        {
            _withoutLabel.Value.Dispose();
        }

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

    private static string[] Labels(OrtValue output) => output.GetTensorTypeAndShape().ElementDataType switch
    {
        TensorElementType.String => output.GetStringTensorAsArray(),
        TensorElementType.Bool => Array.ConvertAll(output.GetTensorDataAsSpan<bool>().ToArray(), v => v ? "1" : "0"),
        _ => Array.ConvertAll(output.GetTensorDataAsSpan<long>().ToArray(), v => v.ToString(CultureInfo.InvariantCulture)),
    };
}

using Microsoft.ML.OnnxRuntime;

namespace Relay.TestKit.Models;

/// <summary>A graph of another framework in ONNX Runtime on one thread: rows go in as one matrix of float32.</summary>
public sealed class MatrixModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly string _input;
    private readonly string _output;

    public MatrixModel(byte[] onnx, string input, string output)
    {
        using SessionOptions options = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        _session = new InferenceSession(onnx, options);
        (_input, _output) = (input, output);
    }

    /// <param name="rows">Row after row.</param>
    /// <returns>The output's numbers, row after row.</returns>
    public float[] Run(float[] rows, int columns)
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(rows, [rows.Length / columns, columns]);
        using IDisposableReadOnlyCollection<OrtValue> outputs =
            _session.Run(_options, new Dictionary<string, OrtValue> { [_input] = input }, [_output]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }
}

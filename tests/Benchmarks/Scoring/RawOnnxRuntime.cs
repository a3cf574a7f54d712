using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Shared.Contracts.Models;
using Sync.Client.Runtime;

namespace Benchmarks.Scoring;

/// <summary>The peer: ONNX Runtime used by hand in its fastest way, for one thread, one model and no swap ever. Buffers are bound once;
/// a call copies the row, runs, and looks for the highest probability.</summary>
internal sealed class RawOnnxRuntime : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtIoBinding _binding;
    private readonly List<OrtValue> _values = [];
    private readonly float[] _row;
    private readonly float[] _probabilities;

    public unsafe RawOnnxRuntime(ScoringModel model)
    {
        _session = OnnxSessions.Open(model.Onnx);
        _binding = _session.CreateIoBinding();
        _row = GC.AllocateArray<float>(model.Schema.Inputs.Count, pinned: true);
        _probabilities = GC.AllocateArray<float>(model.Schema.Classes.Count, pinned: true);
        fixed (float* row = _row, probabilities = _probabilities)
        {
            for (int i = 0; i < _row.Length; i++)
            {
                _binding.BindInput(model.Schema.Inputs[i].Name, Tensor(row + i, 1));
            }

            _binding.BindOutput(ModelSchema.ProbabilitiesOutput, Tensor(probabilities, _probabilities.Length));
        }
    }

    public int Predict(float[] row)
    {
        row.CopyTo(_row, 0);
        _session.RunWithBinding(_options, _binding);
        int best = 0;
        for (int i = 1; i < _probabilities.Length; i++)
        {
            if (_probabilities[i] > _probabilities[best])
            {
                best = i;
            }
        }

        return best;
    }

    public void Dispose()
    {
        _binding.Dispose();
        _values.ForEach(v => v.Dispose());
        _options.Dispose();
        _session.Dispose();
    }

    private unsafe OrtValue Tensor(float* start, int columns)
    {
        OrtValue value = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [1, columns], (nint)start, columns * sizeof(float));
        _values.Add(value);
        return value;
    }
}

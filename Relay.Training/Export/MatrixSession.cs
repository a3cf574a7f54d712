using Microsoft.ML.OnnxRuntime;

namespace Relay.Training.Export;

/// <summary>Runs a graph of another framework, which takes all features as one matrix.</summary>
internal static class MatrixSession
{
    private const int BlockRows = 4096;

    /// <param name="columns">One array per feature, a value per row; NaN is a missing value.</param>
    /// <returns>The numbers of the output, row after row.</returns>
    /// <exception cref="TrainingException">With InvalidGraph: ONNX Runtime does not load or run the graph.</exception>
    public static float[] Run(byte[] onnx, string input, string output, float[][] columns)
    {
        using SessionOptions options = new()
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        using RunOptions runOptions = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            using InferenceSession session = new(onnx, options);
            List<float> answers = [];
            int rows = columns[0].Length;
            for (int start = 0; start < rows; start += BlockRows)
            {
                int count = Math.Min(BlockRows, rows - start);
                float[] matrix = new float[count * columns.Length];
                for (int c = 0; c < columns.Length; c++)
                {
                    for (int row = 0; row < count; row++)
                    {
                        matrix[(row * columns.Length) + c] = columns[c][start + row];
                    }
                }

                using OrtValue value = OrtValue.CreateTensorValueFromMemory(matrix, [count, columns.Length]);
                using IDisposableReadOnlyCollection<OrtValue> results = session.Run(
                    runOptions, new Dictionary<string, OrtValue> { [input] = value }, [output]);
                answers.AddRange(results[0].GetTensorDataAsSpan<float>());
            }

            return [.. answers];
        }
        catch (OnnxRuntimeException e)
        {
            throw new TrainingException(
                TrainingFault.InvalidGraph, $"ONNX Runtime does not run the graph of the engine's own converter: {e.Message}", e);
        }
    }
}

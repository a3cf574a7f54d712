using Microsoft.ML.OnnxRuntime;

namespace Relay.Training.Export;

/// <summary>Opens sessions of ONNX Runtime on one thread, which give the same bits each time.</summary>
internal static class RuntimeSession
{
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the model.</exception>
    public static InferenceSession Open(byte[] model)
    {
        using SessionOptions options = new()
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,

            // Errors come as exceptions; ONNX Runtime would write them to the console as well.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        return new InferenceSession(model, options);
    }
}

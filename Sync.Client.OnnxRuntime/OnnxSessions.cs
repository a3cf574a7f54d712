using Microsoft.ML.OnnxRuntime;

namespace Sync.Client.OnnxRuntime;

/// <summary>Opens ONNX Runtime sessions with the options that give the bits the relay proved: one thread, sequential. With more threads the
/// order of additions, and with it the last bits, would change; and idle threads would spin.</summary>
public static class OnnxSessions
{
    /// <summary>Opens a model from its bytes, so that no other file can be read. It takes tens of milliseconds to seconds, and memory of 6
    /// to 9 times the file's size.</summary>
    /// <exception cref="OnnxRuntimeException">The bytes are not a model that ONNX Runtime runs.</exception>
    public static InferenceSession Open(byte[] onnx) => Open(onnx, OnnxExecutionProvider.Cpu);

    /// <param name="provider">One that the library has.</param>
    internal static InferenceSession Open(byte[] onnx, OnnxExecutionProvider provider)
    {
        using SessionOptions options = new()
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        ExecutionProviders.Append(options, provider);
        return new InferenceSession(onnx, options);
    }
}

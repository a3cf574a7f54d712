using Microsoft.ML.OnnxRuntime;

namespace Sync.Client.OnnxRuntime;

/// <summary>The execution providers of the ONNX Runtime library that the app carries.</summary>
internal static class ExecutionProviders
{
    /// <summary>The provider that the app asks for where its library has it, else the CPU, which each library has.</summary>
    /// <param name="available">The library's own names.</param>
    public static OnnxExecutionProvider Choose(OnnxExecutionProvider requested, IReadOnlyCollection<string> available) =>
        available.Contains(NameOf(requested), StringComparer.Ordinal) ? requested : OnnxExecutionProvider.Cpu;

    /// <summary>Reads the library's providers only where the app asks for another than the CPU.</summary>
    public static OnnxExecutionProvider Choose(OnnxExecutionProvider requested) =>
        requested is OnnxExecutionProvider.Cpu ? requested : Choose(requested, OrtEnv.Instance().GetAvailableProviders());

    /// <summary>Adds a provider before the CPU, which runs what the provider does not.</summary>
    public static void Append(SessionOptions options, OnnxExecutionProvider provider)
    {
        switch (provider)
        {
            case OnnxExecutionProvider.Cuda:
                options.AppendExecutionProvider_CUDA();
                break;
            case OnnxExecutionProvider.DirectML:
                options.EnableMemoryPattern = false;    // DirectML does not support it
                options.AppendExecutionProvider_DML();
                break;
        }
    }

    private static string NameOf(OnnxExecutionProvider provider) => provider switch
    {
        OnnxExecutionProvider.Cuda => "CUDAExecutionProvider",
        OnnxExecutionProvider.DirectML => "DmlExecutionProvider",
        _ => "CPUExecutionProvider",
    };
}

namespace Sync.Client.OnnxRuntime;

/// <summary>The hardware on which ONNX Runtime computes.</summary>
public enum OnnxExecutionProvider
{
    /// <summary>The processor, on one thread. The relay proved these bits.</summary>
    Cpu,

    /// <summary>A GPU of NVIDIA. The app references <c>Microsoft.ML.OnnxRuntime.Gpu</c>.</summary>
    Cuda,

    /// <summary>A GPU by DirectX 12, on Windows. The app references <c>Microsoft.ML.OnnxRuntime.DirectML</c>.</summary>
    DirectML,
}

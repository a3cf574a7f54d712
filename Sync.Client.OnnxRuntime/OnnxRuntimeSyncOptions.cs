namespace Sync.Client.OnnxRuntime;

/// <summary>Adds ONNX Runtime to the options of a node.</summary>
public static class OnnxRuntimeSyncOptions
{
    /// <summary>Lets the node run models in ONNX Runtime: with <see cref="ScorerChoice.Auto"/> those that the managed scorer does not run, with
    /// <see cref="ScorerChoice.OnnxRuntime"/> all.</summary>
    /// <param name="options">The node's options.</param>
    /// <param name="provider">The hardware to compute on. Where the app's own ONNX Runtime package lacks it, the CPU computes. On other hardware
    /// than the CPU the last bits of answers may differ; golden vectors are compared with their tolerance as everywhere.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="provider"/> is not a member of the enum.</exception>
    public static RelaySyncOptions UseOnnxRuntime(this RelaySyncOptions options, OnnxExecutionProvider provider = OnnxExecutionProvider.Cpu)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Enum.IsDefined(provider))
        {
            throw new ArgumentOutOfRangeException(nameof(provider), provider, "use Cpu, Cuda or DirectML");
        }

        options.OnnxRuntime = new OnnxScorerLoader(provider).Load;
        return options;
    }
}

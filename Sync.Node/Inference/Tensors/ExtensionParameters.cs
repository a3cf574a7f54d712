namespace Sync.Node.Inference.Tensors;

/// <summary>Parameters of extensions that this server does not have. Those that would change the answer are refused; others are ignored.</summary>
internal static class ExtensionParameters
{
    /// <exception cref="InferenceException">The parameter would change the answer.</exception>
    public static void RefuseIfUnsupported(string name, string owner)
    {
        if (name is "classification" || name.StartsWith("shared_memory", StringComparison.Ordinal)
            || name.StartsWith("sequence_", StringComparison.Ordinal))
        {
            Malformed.Throw($"{owner} has the parameter '{name}', which this server does not support: leave it out");
        }
    }
}

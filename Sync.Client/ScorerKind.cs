namespace Sync.Client;

/// <summary>What runs a model.</summary>
public enum ScorerKind
{
    /// <summary>Runs any ONNX; needs its native library.</summary>
    OnnxRuntime,

    /// <summary>Runs graphs around tree ensembles in C#, far faster and with the same bits.</summary>
    Managed,
}

/// <summary>What a node lets run its models.</summary>
public enum ScorerChoice
{
    /// <summary>The managed scorer for a model that it supports and whose golden vectors it answers as promised; else ONNX Runtime.</summary>
    Auto,

    /// <summary>The managed scorer alone. A model that it does not support is refused.</summary>
    Managed,

    /// <summary>ONNX Runtime alone.</summary>
    OnnxRuntime,
}

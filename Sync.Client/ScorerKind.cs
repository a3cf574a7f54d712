namespace Sync.Client;

/// <summary>The scorer that runs a model.</summary>
public enum ScorerKind
{
    /// <summary>ONNX Runtime: runs any ONNX model, and needs a package and its native library.</summary>
    OnnxRuntime,

    /// <summary>The managed scorer: runs graphs around tree ensembles in C#, several times faster and with the same bits.</summary>
    Managed,
}

/// <summary>The scorers that a node may use.</summary>
public enum ScorerChoice
{
    /// <summary>The managed scorer for a model that it supports and whose golden vectors it reproduces; else ONNX Runtime where the app adds it, by
    /// the package Sync.Client.OnnxRuntime.</summary>
    Auto,

    /// <summary>The managed scorer alone. A model that it does not support is refused.</summary>
    Managed,

    /// <summary>ONNX Runtime alone. The app adds it by the package Sync.Client.OnnxRuntime.</summary>
    OnnxRuntime,
}

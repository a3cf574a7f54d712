namespace Shared.Scoring.Trees;

/// <summary>Whether the leaves that a row reaches have a value for an output. ONNX Runtime gives 0, without the base value, to an output
/// for which none of them has one.</summary>
internal enum OutputPresence
{
    Never,

    /// <summary>It depends on the row.</summary>
    Sometimes,

    /// <summary>All leaves of some tree have a value for it.</summary>
    Always,
}

namespace Shared.Scoring.Kernels;

/// <summary>A branch or a leaf in 4 bytes.</summary>
/// <param name="Child">The number of the left child within its tree; the right child follows it. A leaf is its own child.</param>
/// <param name="RankIndex">Which rank of a row the branch compares.</param>
/// <param name="MaxLeftRank">The greatest rank that goes left.</param>
internal readonly record struct PackedNode(ushort Child, byte RankIndex, sbyte MaxLeftRank);

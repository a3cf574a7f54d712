namespace Shared.Scoring.Trees;

/// <summary>What a leaf adds to one output.</summary>
internal readonly record struct LeafValue(int Output, float Value);

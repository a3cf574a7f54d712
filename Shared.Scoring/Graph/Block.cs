namespace Shared.Scoring.Graph;

/// <summary>Some float32 columns of every row that is scored.</summary>
/// <param name="Offset">The first column; for <see cref="BlockOrigin.Work"/>, the number of columns in the blocks before it.</param>
/// <param name="Width">Values per row.</param>
internal readonly record struct Block(BlockOrigin Origin, int Offset, int Width);

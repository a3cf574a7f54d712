namespace Shared.Scoring.Graph;

/// <summary>Where a value of a plan lies.</summary>
internal enum Origin
{
    /// <summary>In the rows that the caller brought, from a column on.</summary>
    Numbers,

    /// <summary>In the working memory of the call.</summary>
    Work,

    /// <summary>In the plan, the same for every row.</summary>
    Constant,
}

/// <summary>A row of float32 for each row that is scored.</summary>
/// <param name="Offset">First column, or for <see cref="Origin.Work"/> the columns of the blocks before.</param>
/// <param name="Width">Values per row.</param>
internal readonly record struct Block(Origin Origin, int Offset, int Width);

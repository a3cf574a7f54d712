namespace Shared.Columnar;

/// <summary>What the cells of a column hold, by the type that the file states.</summary>
internal enum CellKind
{
    /// <summary>Integers, decimals and floating-point numbers.</summary>
    Number,

    /// <summary>Texts, also such that look like numbers.</summary>
    Text,

    /// <summary>Read as <c>true</c> and <c>false</c>.</summary>
    Truth,

    /// <summary>Dates and times, read in ISO 8601.</summary>
    Time,
}

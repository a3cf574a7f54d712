namespace Relay.Training.Importing.Proof;

/// <summary>A set of categories that a source splits by.</summary>
/// <param name="Codes">Ascending.</param>
/// <param name="GoesLeft">Whether the codes in the set go left.</param>
/// <param name="MissingLeft">Whether a missing value goes left.</param>
internal sealed record SourceSet(int[] Codes, bool GoesLeft, bool MissingLeft)
{
    /// <summary>Whether a whole number, or a missing value, goes left.</summary>
    public bool SendsLeft(float code) => float.IsNaN(code) ? MissingLeft : (Array.BinarySearch(Codes, (int)code) >= 0) == GoesLeft;
}

using System.ComponentModel;

namespace Sync.Client;

/// <summary>A row type whose properties are read by generated code. <see cref="RelayRowAttribute"/> makes the build implement it.</summary>
/// <typeparam name="TRow">The row type itself.</typeparam>
public interface IRelayRow<TRow>
    where TRow : IRelayRow<TRow>
{
    /// <summary>The public properties of the type.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static abstract IReadOnlyList<RelayRowProperty> Properties { get; }

    /// <summary>Reads properties of a row: each writes the next number or the next category, in the order of
    /// <paramref name="properties"/>.</summary>
    /// <param name="row">The row.</param>
    /// <param name="properties">Positions in <see cref="Properties"/>, each of a property that is a number or a category.</param>
    /// <param name="numbers">Receives the numbers; NaN for null.</param>
    /// <param name="categories">Receives the categories; empty for null.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static abstract void Read(TRow row, ReadOnlySpan<int> properties, Span<float> numbers, Span<string> categories);
}

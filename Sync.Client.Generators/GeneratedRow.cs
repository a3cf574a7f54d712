using System.Collections.Immutable;

namespace Sync.Client.Generators;

/// <summary>The code for one row type, or why there is none. Equal where nothing changed, so that an edit elsewhere compiles nothing
/// again.</summary>
internal sealed class GeneratedRow(string fileName, string source, ImmutableArray<RowError> errors) : IEquatable<GeneratedRow>
{
    public string FileName => fileName;

    public string Source => source;

    public ImmutableArray<RowError> Errors => errors;

    public bool Equals(GeneratedRow? other) =>
        other is not null && fileName == other.FileName && source == other.Source && errors.SequenceEqual(other.Errors);

    public override bool Equals(object? obj) => Equals(obj as GeneratedRow);

    public override int GetHashCode() => fileName.GetHashCode() ^ source.GetHashCode();
}

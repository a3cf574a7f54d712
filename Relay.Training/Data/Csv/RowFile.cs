namespace Relay.Training.Data.Csv;

/// <summary>A file of rows, read one by one; each cell is a text in UTF-8, as a CSV file holds it, and empty where a value is missing. Errors are
/// <see cref="TrainingException"/>s that name the file and where in it.</summary>
internal abstract class RowFile : IDisposable
{
    /// <summary>The file's name without folders.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the file names its columns.</summary>
    public abstract bool HasHeader { get; }

    /// <summary>The names of the columns in their order; empty where the file has none.</summary>
    public abstract IReadOnlyList<string> Header { get; }

    /// <summary>Where the names stand, for messages.</summary>
    public abstract string HeaderPlace { get; }

    /// <summary>Names that the header has more than once.</summary>
    public IReadOnlyList<string> RepeatedNames =>
        [.. Header.CountBy(name => name, StringComparer.Ordinal).Where(n => n.Value > 1).Select(n => n.Key)];

    /// <summary>The number of the line, or of the row, at which the record begins.</summary>
    public abstract long Line { get; }

    public abstract int FieldCount { get; }

    /// <summary>Moves to the next record.</summary>
    /// <exception cref="TrainingException">The file is damaged.</exception>
    public abstract bool Read();

    /// <summary>A field of the record; valid until the next read of it.</summary>
    public abstract ReadOnlySpan<byte> Field(int index);

    /// <summary>Reads the rest and returns the SHA-256 of the bytes, unpacked where the file is gzip, lower-case hexadecimal.</summary>
    public abstract string Finish();

    public abstract void Dispose();
}

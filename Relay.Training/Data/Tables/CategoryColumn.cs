namespace Relay.Training.Data.Tables;

/// <param name="Codes">Per row, an index into <paramref name="Categories"/>; -1 is a missing value.</param>
/// <param name="Categories">The texts that occur in the source, in order of first occurrence. A part of a source keeps all.</param>
public sealed record CategoryColumn(string Name, int[] Codes, string[] Categories) : DataColumn(Name);

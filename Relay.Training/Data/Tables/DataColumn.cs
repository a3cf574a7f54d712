namespace Relay.Training.Data.Tables;

/// <summary>One feature column of a data set, a value per row.</summary>
public abstract record DataColumn(string Name);

/// <param name="Values">NaN is a missing value; every other value is finite.</param>
public sealed record NumberColumn(string Name, float[] Values) : DataColumn(Name);

/// <param name="Codes">Per row, an index into <paramref name="Categories"/>; -1 is a missing value.</param>
/// <param name="Categories">The texts that occur in the source, in order of first occurrence. A part of a source keeps all.</param>
public sealed record CategoryColumn(string Name, int[] Codes, string[] Categories) : DataColumn(Name);

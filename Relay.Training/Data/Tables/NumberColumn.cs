namespace Relay.Training.Data.Tables;

/// <param name="Values">NaN is a missing value; every other value is finite.</param>
public sealed record NumberColumn(string Name, float[] Values) : DataColumn(Name);

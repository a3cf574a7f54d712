namespace Relay.Training.Data.Tables;

/// <summary>One feature column of a data set, a value per row.</summary>
public abstract record DataColumn(string Name);

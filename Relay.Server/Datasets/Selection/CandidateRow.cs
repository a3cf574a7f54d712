namespace Relay.Server.Datasets.Selection;

/// <summary>A labeled sample that training may take, without its cells: millions of them are in memory at once.</summary>
/// <param name="Content">A hash of the cells that the model reads.</param>
/// <param name="Order">A hash of the id, by which rows are drawn where one source has too many.</param>
/// <param name="IsTrusted">The holder of a key gave the label.</param>
internal readonly record struct CandidateRow(long Position, ulong Content, ulong Order, int Source, int Label, bool IsTrusted);

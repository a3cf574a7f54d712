namespace Relay.WebConsole.Models.Graphs;

/// <summary>The graph of a model file, for people.</summary>
/// <param name="Picture">As SVG; null where it has too many parts to be read as a picture.</param>
/// <param name="Operators">What it computes by, in the order in which it does.</param>
public sealed record ModelGraph(string? Picture, IReadOnlyList<GraphOperator> Operators);

/// <summary>Operators of one kind.</summary>
/// <param name="Detail">Such as the number of trees; empty for none.</param>
public sealed record GraphOperator(string Name, int Count, string Detail);

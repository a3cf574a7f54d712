using Shared.Scoring.Graph;

namespace Shared.Scoring.Compilation;

/// <summary>An operator of the managed scorer.</summary>
/// <param name="Read">Turns a node of the graph into plan steps.</param>
/// <param name="Flow">How its output columns derive from its input columns; true for every node that <paramref name="Read"/>
/// accepts.</param>
internal sealed record OperatorDefinition(OperatorReader Read, ColumnFlow Flow);

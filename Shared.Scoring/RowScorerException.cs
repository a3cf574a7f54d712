namespace Shared.Scoring;

/// <summary>A scorer failed on rows that fit its model.</summary>
internal sealed class RowScorerException(string message, Exception inner) : Exception(message, inner);

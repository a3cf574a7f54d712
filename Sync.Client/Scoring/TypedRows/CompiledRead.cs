namespace Sync.Client.Scoring.TypedRows;

/// <summary>Writes the inputs of a row into two buffers, from a position in each.</summary>
internal delegate void CompiledRead<TRow>(TRow row, float[] numbers, int firstNumber, string[] categories, int firstCategory);

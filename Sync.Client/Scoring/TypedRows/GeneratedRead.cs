namespace Sync.Client.Scoring.TypedRows;

/// <summary><see cref="IRelayRow{TRow}.Read"/> of a row type. A delegate finds it once; a call by the type parameter would at each row.</summary>
internal delegate void GeneratedRead<TRow>(TRow row, ReadOnlySpan<int> properties, Span<float> numbers, Span<string> categories);

namespace Sync.Client;

/// <summary>A failure of a request that may not repeat: the server cannot be reached, or responds 408, 429 or 5xx. A pipeline of
/// <see cref="RelaySyncOptions.Resilience"/> handles it; no call of the library throws it.</summary>
/// <param name="message">What failed.</param>
/// <param name="inner">The cause; null where there is none.</param>
public sealed class TransientRequestException(string message, Exception? inner = null) : Exception(message, inner);

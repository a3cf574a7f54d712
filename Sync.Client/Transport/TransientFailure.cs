namespace Sync.Client.Transport;

/// <summary>A failure that may not repeat, for the retry policy; callers of the transport never see it.</summary>
internal sealed class TransientFailure(string message, Exception? inner = null) : Exception(message, inner);

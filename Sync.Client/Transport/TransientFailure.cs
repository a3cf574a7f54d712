namespace Sync.Client.Transport;

/// <summary>An attempt that may succeed when it is made again; never leaves the transport.</summary>
internal sealed class TransientFailure(string message, Exception? inner = null) : Exception(message, inner);

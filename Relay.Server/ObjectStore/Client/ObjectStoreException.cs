namespace Relay.Server.ObjectStore.Client;

/// <summary>The store did not do what it was asked to: it cannot be reached, or it refuses.</summary>
internal sealed class ObjectStoreException(string message, Exception? inner = null) : IOException(message, inner);

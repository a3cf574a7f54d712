namespace Relay.Server.Storage;

/// <summary>The samples of a dataset are missing, or another version of the relay made them. The message says what to do.</summary>
internal sealed class SampleFileException(string message) : IOException(message);

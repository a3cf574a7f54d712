namespace Relay.Server.Storage;

/// <summary>The file of a dataset is missing, or another version of the relay made it. The message says what to do.</summary>
internal sealed class SampleFileException(string message) : IOException(message);

namespace Sync.Node.Files;

/// <summary>A file that cannot be read as rows of the model. The message says where, and what to do.</summary>
internal sealed class FileException(string message) : Exception(message);

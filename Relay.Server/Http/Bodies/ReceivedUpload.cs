namespace Relay.Server.Http.Bodies;

/// <summary>An upload that has arrived as a whole and is the one of its digest.</summary>
/// <param name="path">The file that it is in, until the request ends.</param>
internal sealed class ReceivedUpload(string path)
{
    public FileStream Open() => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
}

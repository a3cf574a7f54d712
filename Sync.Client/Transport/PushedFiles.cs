using Shared.Contracts.Api;

namespace Sync.Client.Transport;

/// <summary>The files that the event stream brought and that no update has used yet, in bounded memory. An update takes them where it would ask the
/// relay for them, and verifies them like its answers. For any thread.</summary>
internal sealed class PushedFiles
{
    /// <summary>Of a few publications in a row: a node waits for its turn before it uses them.</summary>
    public const int MaximumBytes = 2 * RelayEvents.MaximumFileBytes;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _targets = new(StringComparer.Ordinal);
    private FilesEvent? _newest;
    private long _bytes;

    /// <summary>The version of the newest root, as the relay told with the timestamp that was taken last; null while none is in use.</summary>
    public long? Root { get; private set; }

    /// <summary>Keeps files, beside those of earlier events as far as there is room.</summary>
    public void Keep(FilesEvent files)
    {
        lock (_gate)
        {
            long bytes = files.Metadata.Values.Concat(files.Targets.Values).Sum(content => (long)content.Length);
            if (bytes > MaximumBytes)
            {
                return;
            }

            if (_bytes + bytes > MaximumBytes)
            {
                Clear();
            }

            foreach ((string name, byte[] content) in files.Metadata)
            {
                _metadata[name] = content;
            }

            foreach ((string path, byte[] content) in files.Targets)
            {
                _targets[path] = content;
            }

            (_newest, _bytes) = (files, _bytes + bytes);
        }
    }

    /// <summary>The newest event whose timestamp is newer than the one that the node has; once. Null where there is none: then the update asks the
    /// relay for all that it needs, but for files that are here.</summary>
    public FilesEvent? TakeTimestamp(long held)
    {
        lock (_gate)
        {
            FilesEvent? newest = _newest;
            _newest = null;
            bool isNewer = newest?.Timestamp > held;
            Root = isNewer ? newest!.Root : null;
            return isNewer ? newest : null;
        }
    }

    public byte[]? TakeMetadata(string file) => Take(_metadata, file);

    /// <param name="path">The consistent path.</param>
    public byte[]? TakeTarget(string path) => Take(_targets, path);

    /// <summary>Forgets what the update did not need, unless a newer event has come meanwhile.</summary>
    public void UpdateEnded()
    {
        lock (_gate)
        {
            Root = null;
            if (_newest is null)
            {
                Clear();
            }
        }
    }

    /// <summary>Forgets all: the relay goes on without telling this node.</summary>
    public void StreamEnded()
    {
        lock (_gate)
        {
            Clear();
        }
    }

    private void Clear()
    {
        _metadata.Clear();
        _targets.Clear();
        (_newest, _bytes) = (null, 0);
    }

    private byte[]? Take(Dictionary<string, byte[]> files, string name)
    {
        lock (_gate)
        {
            if (files.Remove(name, out byte[]? content))
            {
                _bytes -= content.Length;
            }

            return content;
        }
    }
}

using System.Runtime.ExceptionServices;
using Shared.Platform.Files;

namespace Sync.Client.Storage;

/// <summary>
/// The file operations of a node's store. After a crash at any moment, each file is the old one or the new one, whole.
/// </summary>
/// <remarks>
/// Flushes are the slowest part of an update. Content, which is verified whenever it is read, is therefore flushed together, before the
/// next file that refers to it: content torn by a power cut counts as missing. For one caller at a time.
/// </remarks>
/// <param name="beforeStep">Called before each single operation; tests fail or end the process here.</param>
internal sealed class StoreFiles(Action<FileStep>? beforeStep = null)
{
    private const string TemporarySuffix = ".tmp";
    private const int FlushesAtOnce = 16;
    private readonly DurableFiles _files = new(beforeStep);
    private readonly HashSet<string> _unflushedFiles = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unflushedFolders = new(StringComparer.Ordinal);
    private readonly List<string> _unnamed = [];

    public void CreateFolder(string folder) => _files.CreateFolder(folder);

    /// <summary>Writes a file whose digest or signature is verified at each read. <see cref="Flush"/> makes it durable.</summary>
    public void WriteContent(string path, ReadOnlySpan<byte> bytes)
    {
        _files.WriteUnflushed(path + TemporarySuffix, bytes);
        Publish(path + TemporarySuffix, path);
    }

    /// <summary>Replaces a file whose old content must not be lost to a torn new one. <see cref="Flush"/> makes its name durable.</summary>
    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        _files.Write(path + TemporarySuffix, bytes);
        Rename(path + TemporarySuffix, path);
    }

    /// <summary>As <see cref="Write"/>, but waits for the disk together with others: the file gets its name with the next
    /// <see cref="Commit"/> or <see cref="Flush"/>. <see cref="ReadLatest"/> reads it before that.</summary>
    public void WriteLater(string path, ReadOnlySpan<byte> bytes)
    {
        // First, because a write that fails half-way leaves a file that must not get the name.
        _unnamed.Remove(path);
        _files.WriteUnflushed(path + TemporarySuffix, bytes);
        _unflushedFiles.Add(path + TemporarySuffix);
        _unnamed.Add(path);
    }

    /// <summary>Replaces a file that refers to others: they are durable before it has its name.</summary>
    public void Commit(string path, ReadOnlySpan<byte> bytes)
    {
        string temporary = path + TemporarySuffix;
        _files.WriteUnflushed(temporary, bytes);
        _unflushedFiles.Add(temporary);
        FlushWritten();
        NameFlushed();
        Rename(temporary, path);
    }

    /// <summary>Writes a file that no other account may read. It is durable when it returns.</summary>
    public void WriteSecret(string path, ReadOnlySpan<byte> bytes)
    {
        // A file keeps the permissions with which it was created.
        Delete(path + TemporarySuffix);
        _files.Write(path + TemporarySuffix, bytes, DurableFiles.OwnerFile);
        _files.Rename(path + TemporarySuffix, path);
    }

    /// <summary>Opens a file to append to; readers do not use its name before it is published.</summary>
    public PartFile Open(string path) => _files.Open(path);

    /// <summary>Gives a whole file of content its final name. <see cref="Flush"/> makes it durable.</summary>
    public void Publish(string temporary, string path)
    {
        Rename(temporary, path);
        _unflushedFiles.Add(path);
    }

    /// <summary>All that was written before survives a power cut afterwards.</summary>
    public void Flush()
    {
        FlushWritten();
        NameFlushed();
        FlushWritten();
    }

    public void Delete(string path)
    {
        if (File.Exists(path))
        {
            _files.Delete(path);
            _unflushedFiles.Remove(path);
        }

        if (_unnamed.Remove(path))
        {
            Delete(path + TemporarySuffix);
        }
    }

    /// <summary>Deletes what a write left that failed half-way.</summary>
    public void DeleteUnfinished(string path) => Delete(path + TemporarySuffix);

    /// <summary>As <see cref="Read"/>, with what <see cref="WriteLater"/> wrote.</summary>
    public byte[]? ReadLatest(string path, long limit) => Read(_unnamed.Contains(path) ? path + TemporarySuffix : path, limit);

    /// <summary>True when <see cref="ReadLatest"/> would find it.</summary>
    public bool Exists(string path) => File.Exists(_unnamed.Contains(path) ? path + TemporarySuffix : path);

    /// <summary>The file's bytes, or null where it is missing or longer than <paramref name="limit"/>.</summary>
    public static byte[]? Read(string path, long limit)
    {
        try
        {
            using FileStream file = RegularFile.OpenRead(path);
            if (file.Length > limit)
            {
                return null;
            }

            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    // All at the same time, so that the file system can make one journal entry of many. Files and names need no order among
    // themselves: content has its name already, and what replaces other content gets its name afterwards.
    private void FlushWritten()
    {
        Announce(FileOperation.Flush, _unflushedFiles);
        Announce(FileOperation.FlushFolder, _unflushedFolders);
        Action[] flushes =
        [
            .. _unflushedFiles.Where(File.Exists).Select(file => (Action)(() => DiskFlush.File(file))),
            .. _unflushedFolders.Where(Directory.Exists).Select(folder => (Action)(() => DiskFlush.Folder(folder))),
        ];
        try
        {
            Parallel.ForEach(flushes, new() { MaxDegreeOfParallelism = FlushesAtOnce }, flush => flush());
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }

        _unflushedFiles.Clear();
        _unflushedFolders.Clear();
    }

    private void NameFlushed()
    {
        while (_unnamed is [string path, ..])
        {
            // It is gone where the store was deleted while the node ran.
            if (File.Exists(path + TemporarySuffix))
            {
                Rename(path + TemporarySuffix, path);
            }

            _unnamed.RemoveAt(0);
        }
    }

    private void Rename(string temporary, string path)
    {
        _files.RenameUnflushed(temporary, path);
        _unflushedFolders.Add(Path.GetDirectoryName(path)!);
    }

    private void Announce(FileOperation operation, IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            beforeStep?.Invoke(new(operation, path));
        }
    }
}

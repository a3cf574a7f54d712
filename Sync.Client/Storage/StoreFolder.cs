using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Sync.Client.Storage;

/// <summary>The folder of a store, for one process at a time, on a disk that may be full, read-only or gone. Opening and reading never throw: a file
/// that cannot be read has no content, and a small one that cannot be written is kept in memory until <see cref="Prepare"/> can write it. All paths
/// of files are
/// full ones.</summary>
/// <param name="parts">The folders in it.</param>
/// <param name="mayWait">True for the path of a file on which nothing else on disk depends: that it alone cannot be written is no
/// <see cref="Fault"/> of the store.</param>
internal sealed class StoreFolder(string path, IReadOnlyList<string> parts, Predicate<string> mayWait, StoreFiles files) : IDisposable
{
    // Metadata of the largest allowed sizes, in base64.
    private const int StateLimit = 32_000_000;
    private readonly UnwrittenFiles _unwritten = new();
    private readonly List<Refusal> _fileFaults = [];
    private FileLock? _exclusive;
    private bool _isDisposed;

    public delegate void Writer(string path, ReadOnlySpan<byte> bytes);

    /// <summary>Why the store cannot be written at this time; null when it can.</summary>
    public Refusal? Fault { get; private set; }

    /// <summary>Makes what is missing of the folder, takes its lock, and writes what could not be written before. Returns
    /// <see cref="Fault"/>.</summary>
    public Refusal? Prepare()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);

        // Set once, when it is known: other threads read it at any time.
        Fault = Try(() =>
        {
            foreach (string part in parts)
            {
                files.CreateFolder(Combine(part));
            }

            Lock(Combine("store.lock"));
            _unwritten.WriteAll(mayWait, e => _fileFaults.Add(ToFault(e)));
        });
        return Fault;
    }

    public string Combine(string file) => Path.Combine(path, file);

    public string Combine(string part, string file) => Path.Combine(path, part, file);

    /// <summary>The files that could not be read or written, or were not what the node wrote, since the last call.</summary>
    public IReadOnlyList<Refusal> TakeFileFaults()
    {
        Refusal[] taken = [.. _fileFaults];
        _fileFaults.Clear();
        return taken;
    }

    /// <summary>The refusal of an exception of this store.</summary>
    public Refusal ToFault(Exception e) => StoreFault.Classify(path, e);

    /// <exception cref="StoreFaultException">The store cannot be written.</exception>
    public void ThrowIfFaulty()
    {
        if (Fault is { } fault)
        {
            throw new StoreFaultException(fault);
        }
    }

    /// <summary>True for a file that is there, or waits to be written.</summary>
    public bool Exists(string file) => _unwritten.TryRead(file, out byte[]? bytes) ? bytes is not null : files.Exists(file);

    /// <summary>Null where it is missing, longer, or cannot be read.</summary>
    public byte[]? Read(string file, long limit)
    {
        _ = TryRead(file, limit, out byte[]? bytes);
        return bytes;
    }

    /// <summary>The bytes of a file that must not be taken for missing: no bytes and no refusal where it is missing, and a refusal where it is there
    /// and cannot be read.</summary>
    public (byte[]? Bytes, Refusal? Fault) ReadIrreplaceable(string file, long limit)
    {
        try
        {
            byte[]? bytes = files.ReadLatest(file, limit);
            return (bytes, bytes is null && files.Exists(file) ? Damaged(file, $"it is longer than {limit} bytes") : null);
        }
        catch (Exception e) when (StoreFault.IsMeant(e))
        {
            return (null, new(RefusalReason.StoreUnavailable, file, $"the file cannot be read: {e.Message}"));
        }
    }

    /// <summary>The refusal of a file that the node cannot make again.</summary>
    public static Refusal Damaged(string file, string detail) => new(RefusalReason.StoreDamaged, file, detail);

    /// <summary>Keeps a fault of a file for <see cref="TakeFileFaults"/>.</summary>
    public void ReportFault(Refusal fault) => _fileFaults.Add(fault);

    /// <summary>Takes the rights to a secret from other accounts: a copy of a store may have given them.</summary>
    public void Restrict(string file)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            UnixFileMode mode = File.GetUnixFileMode(file);
            if ((mode & ~DurableFiles.OwnerFile) != 0)
            {
                File.SetUnixFileMode(file, mode & DurableFiles.OwnerFile);
            }
        }
        catch (Exception e) when (StoreFault.IsMeant(e))
        {
            _fileFaults.Add(new(RefusalReason.StoreUnavailable, file,
                $"other accounts may use this secret, and this process may not change that: give the file mode 600 ({e.Message})"));
        }
    }

    /// <summary>Writes a file for this account only. True when it is durable; else <see cref="Fault"/> says why not.</summary>
    public bool TryWriteSecret(string file, byte[] bytes) => TryWrite(() => files.WriteSecret(file, bytes));

    /// <summary>The state in a file of JSON, if there is one; false where there is a file that
    /// cannot be read, or is not what the node wrote.</summary>
    public (T? State, bool IsKnown) ReadState<T>(string file, JsonTypeInfo<T> type, Func<T, bool> isWhole)
        where T : class
    {
        if (!TryRead(file, StateLimit, out byte[]? bytes))
        {
            return (null, false);
        }

        if (bytes is null && !Exists(file))
        {
            return (null, true);
        }

        if (bytes is not null && StateJson.Read(bytes, type) is { } state && isWhole(state))
        {
            return (state, true);
        }

        // An altered file has no content: an update replaces it.
        _fileFaults.Add(new(RefusalReason.StoreDamaged, file,
            "the file is not what this node wrote: it counts as missing, and is written again when its content is known"));
        return (null, false);
    }

    /// <summary>Writes a small file at once, or when the store can be written.</summary>
    public void Write(string file, ReadOnlySpan<byte> bytes, Writer writer)
    {
        byte[] content = bytes.ToArray();
        WriteOrKeep(file, content, () => writer(file, content));
    }

    /// <summary>As <see cref="Write"/>, of a state.</summary>
    public void WriteState<T>(string file, T state, JsonTypeInfo<T> type) =>
        Write(file, JsonSerializer.SerializeToUtf8Bytes(state, type), files.Commit);

    /// <summary>Writes a state that is durable when it returns.</summary>
    /// <exception cref="StoreFaultException">It cannot be written.</exception>
    public void CommitState<T>(string file, T state, JsonTypeInfo<T> type)
    {
        ThrowIfFaulty();
        try
        {
            files.Commit(file, JsonSerializer.SerializeToUtf8Bytes(state, type));
            _unwritten.Remove(file);
            files.Flush();
        }
        catch (Exception e) when (StoreFault.IsMeant(e))
        {
            throw new StoreFaultException(ToFault(e), e);
        }
    }

    /// <summary>Deletes a small file at once, or when the store can be written.</summary>
    public void Delete(string file) => WriteOrKeep(file, null, () => files.Delete(file));

    /// <summary>Gives up a small file that could not be written: a node that stops does not try again.</summary>
    public void GiveUpUnwritten(string file)
    {
        if (_unwritten.TryRead(file, out _))
        {
            _unwritten.Remove(file);
            _ = TryWrite(() => files.DeleteUnfinished(file));
        }
    }

    /// <summary>What was written so far survives a power cut afterwards; <see cref="Fault"/> says where it does not.</summary>
    public void Flush() => _ = TryWrite(files.Flush);

    public void Dispose()
    {
        _isDisposed = true;
        _exclusive?.Dispose();
        _exclusive = null;
    }

    private void Lock(string file)
    {
        if (_exclusive is not null && !File.Exists(file))
        {
            // The folder was deleted, and the lock with it: another process could take the new one.
            _exclusive.Dispose();
            _exclusive = null;
        }

        _exclusive ??= FileLock.TryAcquire(file) ?? throw new StoreFaultException(StoreFault.InUse(path));
    }

    private void WriteOrKeep(string file, byte[]? content, Action write)
    {
        bool wasFaulty = Fault is not null;
        if (TryWrite(write))
        {
            _unwritten.Remove(file);
            return;
        }

        _unwritten.Add(file, content, write);
        if (!wasFaulty && mayWait(file))
        {
            _fileFaults.Add(Fault!);
            Fault = null;
        }
    }

    private bool TryWrite(Action write)
    {
        if (Fault is null)
        {
            Fault = Try(write);
            return Fault is null;
        }

        return false;
    }

    private Refusal? Try(Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (Exception e) when (StoreFault.IsMeant(e))
        {
            return ToFault(e);
        }
    }

    // False where the file cannot be read; no bytes where it is missing, or longer.
    private bool TryRead(string file, long limit, out byte[]? bytes)
    {
        if (_unwritten.TryRead(file, out bytes))
        {
            return true;
        }

        try
        {
            bytes = files.ReadLatest(file, limit);
            return true;
        }
        catch (Exception e) when (StoreFault.IsMeant(e))
        {
            _fileFaults.Add(new(RefusalReason.StoreUnavailable, file, $"the file cannot be read: {e.Message}"));
            return false;
        }
    }
}

using System.Data.Common;
using System.Security.Cryptography;

namespace Relay.Server.Storage;

/// <summary>What is wrong with the disk of the relay.</summary>
internal enum StorageProblem
{
    None,
    DiskFull,

    /// <summary>The folder cannot be written, for another reason.</summary>
    NotWritable,
    DatabaseDamaged,

    /// <summary>The server that has the rows does not answer, or takes no requests now.</summary>
    DatabaseUnreachable,
}

/// <summary>Tries the data folder as the relay uses it, so that a full disk or a damaged page is known before the next change fails.</summary>
internal sealed partial class StorageHealth(
    DataFolder folder, RelayDatabase database, FolderQuota quota, TimeProvider timeProvider, ILogger<StorageHealth> log)
{
    /// <summary>Health checks need no key: however many come, the disk is tried this often.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const int ProbeBytes = 64 * 1024;
    private const int LinuxNoSpace = 28;
    private const int LinuxQuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const long MaximumReserve = 1L << 30;
    private const int ReserveDivisor = 20;

    private readonly Lock _gate = new();
    private long? _triedAt;
    private bool _isSuspect;
    private StorageProblem _problem;

    /// <summary>True for the errors by which the system and the database refuse to read or write.</summary>
    public static bool IsStorageError(Exception error) => error is DbException or IOException or UnauthorizedAccessException;

    /// <summary>True for the errors that say that the disk is full.</summary>
    public static bool IsDiskFull(Exception error) =>
        error.HResult is LinuxNoSpace or LinuxQuotaExceeded or WindowsDiskFull || DatabaseErrors.IsDiskFull(error);

    /// <summary>True where so little space is left that what others send must not take it: the relay signs metadata on the same disk. And where the
    /// folder has as much as it may.</summary>
    /// <param name="bytes">That are to be written.</param>
    public bool IsSpaceLow(long bytes = 0) => !HasRoom(folder.Root, bytes) || quota.IsExceeded(bytes);

    /// <summary>What stops a writer that would take the space of the relay; <see cref="IsDiskFull"/> holds for it.</summary>
    public static IOException CreateSpaceIsLow() => new("The disk is almost full: what is left is for the relay itself. Make room.", LinuxNoSpace);

    /// <summary>True where the disk of a folder takes so many bytes and keeps its reserve.</summary>
    public static bool HasRoom(string folder, long bytes)
    {
        DriveInfo disk = new(folder);
        return disk.AvailableFreeSpace - bytes >= Math.Min(MaximumReserve, disk.TotalSize / ReserveDivisor);
    }

    /// <summary>Notes an error that may come from the disk: the next check looks closer, and at once.</summary>
    public void Report(Exception error)
    {
        if (IsStorageError(error))
        {
            lock (_gate)
            {
                _isSuspect = true;
                _triedAt = null;
            }
        }
    }

    public StorageProblem FindProblem()
    {
        lock (_gate)
        {
            if (_triedAt is { } at && timeProvider.GetElapsedTime(at) < Interval)
            {
                return _problem;
            }

            (StorageProblem problem, Exception? cause) = Try();
            LogChange(_problem, problem, cause);
            _problem = problem;
            _isSuspect &= problem != StorageProblem.None;
            _triedAt = timeProvider.GetTimestamp();
            return problem;
        }
    }

    private (StorageProblem Problem, Exception? Cause) Try()
    {
        try
        {
            WriteProbe();
            if (_isSuspect)
            {
                database.CheckWritable();
            }

            return _isSuspect && database.FindDamage() is { } damage
                ? (StorageProblem.DatabaseDamaged, new InvalidDataException(damage))
                : (StorageProblem.None, null);
        }
        catch (Exception e) when (IsStorageError(e))
        {
            return (Classify(e), e);
        }
    }

    // No hole and nothing to compress: it takes the space that it says.
    private void WriteProbe()
    {
        string path = Path.Combine(folder.Root, "probe.tmp");
        try
        {
            using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            file.Write(RandomNumberGenerator.GetBytes(ProbeBytes));
            file.Flush(flushToDisk: true);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static StorageProblem Classify(Exception error) =>
        DatabaseErrors.IsDamage(error) ? StorageProblem.DatabaseDamaged
        : IsDiskFull(error) ? StorageProblem.DiskFull
        : DatabaseErrors.IsUnreachable(error) ? StorageProblem.DatabaseUnreachable
        : StorageProblem.NotWritable;

    private void LogChange(StorageProblem before, StorageProblem now, Exception? cause)
    {
        if (now != StorageProblem.None && now != before)
        {
            LogProblem(cause, now);
        }
        else if (now == StorageProblem.None && before != StorageProblem.None)
        {
            LogMended(before);
        }
    }

    [LoggerMessage(1005, LogLevel.Error, "The data folder cannot be used as it must: {Problem}. The relay is not ready")]
    private partial void LogProblem(Exception? exception, StorageProblem problem);

    [LoggerMessage(1006, LogLevel.Information, "The data folder can be used again; before: {Problem}")]
    private partial void LogMended(StorageProblem problem);
}

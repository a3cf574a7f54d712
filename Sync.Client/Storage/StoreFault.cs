using Shared.Contracts;

namespace Sync.Client.Storage;

/// <summary>Says what an I/O error of the store means and what to do about it.</summary>
internal static class StoreFault
{
    private const int WindowsCode = 0xFFFF;

    private static string OrSetAnother => $"or set another {OptionNames.StoreFolder}";

    /// <summary>True for the exceptions by which the system refuses to read or write.</summary>
    public static bool IsMeant(Exception e) => e is IOException or UnauthorizedAccessException;

    public static Refusal InUse(string folder) => new(
        RefusalReason.StoreInUse, folder,
        $"the store is in use by another process: give each its own {OptionNames.StoreFolder}, or end the other one");

    public static Refusal Classify(string folder, Exception e)
    {
        if (e is StoreFaultException known)
        {
            return known.Refusal;
        }

        (RefusalReason reason, string meaning) = Explain(e);
        return new(reason, folder, $"{meaning} ({e.Message})");
    }

    private static (RefusalReason Reason, string Meaning) Explain(Exception e) => e switch
    {
        UnauthorizedAccessException =>
            (RefusalReason.StoreReadOnly, "this process may not write the store: give it the rights to the folder and its files"),
        DirectoryNotFoundException or FileNotFoundException =>
            (RefusalReason.StoreUnavailable, "a part of the store is gone; the next update makes it again"),
        PathTooLongException => (RefusalReason.StoreUnavailable, $"the path of the store is too long: set a shorter {OptionNames.StoreFolder}"),
        _ => OperatingSystem.IsWindows() ? ExplainWindows(e.HResult & WindowsCode) : ExplainUnix(e.HResult),
    };

    // The numbers that Linux, macOS and the BSDs share, and those of Linux above them.
    private static (RefusalReason Reason, string Meaning) ExplainUnix(int errno) => errno switch
    {
        28 => (RefusalReason.StoreFull, "the disk of the store is full: free some space"),
        122 or 69 => (RefusalReason.StoreFull, "the disk quota for the store is used up: raise it, or free some space"),
        30 => (RefusalReason.StoreReadOnly, $"the file system of the store is mounted read-only: mount it writable, {OrSetAnother}"),
        23 or 24 => (RefusalReason.StoreUnavailable, "no more files may be open here: raise the limit of open files"),
        5 => (RefusalReason.StoreUnavailable, "the disk of the store reports an error"),
        17 or 20 => (RefusalReason.StoreUnavailable, $"a file is where a folder of the store has to be: remove it, {OrSetAnother}"),
        _ => (RefusalReason.StoreUnavailable, "the store cannot be read or written"),
    };

    private static (RefusalReason Reason, string Meaning) ExplainWindows(int code) => code switch
    {
        39 or 112 => (RefusalReason.StoreFull, "the disk of the store is full: free some space"),
        19 => (RefusalReason.StoreReadOnly, $"the disk of the store is write-protected: set another {OptionNames.StoreFolder}"),
        32 or 33 => (RefusalReason.StoreUnavailable, "another program has a file of the store open"),
        80 or 183 => (RefusalReason.StoreUnavailable, $"a file is where a folder of the store has to be: remove it, {OrSetAnother}"),
        _ => (RefusalReason.StoreUnavailable, "the store cannot be read or written"),
    };
}

/// <summary>Ends an operation that needs the store while the store cannot be written; its refusal says why.</summary>
internal sealed class StoreFaultException(Refusal refusal, Exception? inner = null) : IOException(refusal.Detail, inner)
{
    public Refusal Refusal { get; } = refusal;
}

using System.Runtime.InteropServices;
using Sync.Native.Interop;

namespace Sync.Native.Handles;

/// <summary>Finds out that this process is the child of a fork: the threads of the library are not there, and a collection or an update would wait
/// for them for ever. One page of memory that the kernel clears in a child tells, for the price of a read.</summary>
internal static unsafe partial class ForkGuard
{
    private const int PageBytes = 4096;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const int WipeOnFork = 18;
    private const int Failed = -1;

    private static byte* _mark;

    public static bool IsChild => _mark != null && *_mark == 0;

    /// <summary>Marks this process as the one that opened something. Without effect where the kernel cannot clear memory at a fork.</summary>
    public static void Mark()
    {
        if (!OperatingSystem.IsLinux() || _mark != null)
        {
            return;
        }

        byte* page = Map(null, PageBytes, ReadWrite, PrivateAnonymous, -1, 0);
        if ((nint)page != Failed && Advise(page, PageBytes, WipeOnFork) == 0)
        {
            *page = 1;
            _mark = page;
        }
    }

    public static NativeCallException CreateException() => new(
        NativeStatus.Forked,
        "this process is the child of a fork, in which the library does not work: fork before the first call, or start a new program");

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}

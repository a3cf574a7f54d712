using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sync.Native.Interop;

namespace Sync.Native;

/// <summary>The functions of <c>relaysync.h</c> about the library itself.</summary>
internal static unsafe class LibraryExports
{
    [UnmanagedCallersOnly(EntryPoint = "relaysync_library_version", CallConvs = [typeof(CallConvCdecl)])]
    public static byte* LibraryVersion()
    {
        try
        {
            return NativeText.Intern(typeof(LibraryExports).Assembly.GetName().Version!.ToString(3));
        }
        catch (Exception e)
        {
            LastError.From(e);
            return null;
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "relaysync_last_error", CallConvs = [typeof(CallConvCdecl)])]
    public static byte* Error() => LastError.Text;

    [UnmanagedCallersOnly(EntryPoint = "relaysync_free", CallConvs = [typeof(CallConvCdecl)])]
    public static void Free(void* memory) => NativeMemory.Free(memory);

    [UnmanagedCallersOnly(EntryPoint = "relaysync_allocated_bytes", CallConvs = [typeof(CallConvCdecl)])]
    public static ulong AllocatedBytes() => (ulong)GC.GetAllocatedBytesForCurrentThread();
}

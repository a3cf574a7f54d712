using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sync.Native.Interop;

namespace Sync.Native;

/// <summary>The functions of <c>relaysync.h</c> about the library itself.</summary>
internal static unsafe class LibraryExports
{
    /// <summary>The version of the assembly, which a program that is compiled to native code could only read with all of reflection.</summary>
    internal const string Version = "0.1.0";

    [UnmanagedCallersOnly(EntryPoint = "relaysync_library_version", CallConvs = [typeof(CallConvCdecl)])]
    public static byte* LibraryVersion()
    {
        try
        {
            return NativeText.Intern(Version);
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

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Sync.Native.Handles;
using Sync.Native.Interop;
using Sync.Native.Logs;

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

    [UnmanagedCallersOnly(EntryPoint = "relaysync_set_log", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus SetLog(delegate* unmanaged[Cdecl]<void*, int, byte*, byte*, void> callback, void* context, int minimumLevel)
    {
        try
        {
            if (ForkGuard.IsChild)
            {
                throw ForkGuard.CreateException();
            }

            if (callback != null && minimumLevel is < (int)LogLevel.Debug or > (int)LogLevel.Error)
            {
                throw new NativeCallException(
                    NativeStatus.InvalidArgument, $"min_level is {minimumLevel}: pass one of RELAYSYNC_LOG_DEBUG to RELAYSYNC_LOG_ERROR");
            }

            LogQueue.Set(callback == null ? null : new LogReceiver(callback, context, minimumLevel));
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }
}

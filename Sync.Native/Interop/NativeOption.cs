using System.Runtime.InteropServices;

namespace Sync.Native.Interop;

/// <summary><c>relaysync_option</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeOption
{
    public byte* Name;
    public byte* Value;
}

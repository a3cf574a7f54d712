using System.Runtime.InteropServices;

namespace Sync.Native.Interop;

/// <summary><c>relaysync_input</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeInput
{
    public byte* Name;
    public int Type;
    public int Required;
}

using System.Runtime.InteropServices;

namespace Sync.Native.Interop;

/// <summary><c>relaysync_value</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeValue
{
    public byte* Sha256;
    public int Version;
    public float Value;
}

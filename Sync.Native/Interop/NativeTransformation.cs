using System.Runtime.InteropServices;

namespace Sync.Native.Interop;

/// <summary><c>relaysync_transformation</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeTransformation
{
    public byte* Sha256;
    public int Version;
    public uint Reserved;
}

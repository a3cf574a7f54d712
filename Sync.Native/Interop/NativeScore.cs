using System.Runtime.InteropServices;

namespace Sync.Native.Interop;

/// <summary><c>relaysync_score</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeScore
{
    public byte* Label;
    public byte* Sha256;
    public int Version;
    public float Score;
    public int IsAnomaly;
    public uint Reserved;
}

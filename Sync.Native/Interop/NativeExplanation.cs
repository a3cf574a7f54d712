using System.Runtime.InteropServices;

namespace Sync.Native.Interop;

/// <summary><c>relaysync_explanation</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeExplanation
{
    public byte* Label;
    public byte* Sha256;
    public double Baseline;
    public double Score;
    public int Version;
    public uint Reserved;
}

using System.Runtime.InteropServices;

namespace Sync.Native.Interop;

/// <summary><c>relaysync_prediction</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativePrediction
{
    public byte* Label;
    public byte* Sha256;
    public int Version;
    public int LabelIndex;
    public float Probability;
    public int IsBenign;
}

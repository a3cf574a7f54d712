using System.Runtime.InteropServices;

namespace Sync.Native.Interop;

/// <summary><c>relaysync_schema</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeSchema
{
    public byte* Name;
    public byte* Sha256;
    public byte* SchemaHash;
    public int Version;
    public int Task;
    public NativeInput* Inputs;
    public nuint InputCount;
    public nuint NumberCount;
    public nuint CategoryCount;
    public byte** Classes;
    public nuint ClassCount;
    public int Benign;
    public uint HasOffset;
    public float Offset;
    public uint Reserved;
}

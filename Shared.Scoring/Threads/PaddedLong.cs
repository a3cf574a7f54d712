using System.Runtime.InteropServices;

namespace Shared.Scoring.Threads;

/// <summary>A number on cache lines of its own, for a value that one thread writes all the time. Two lines of 64 bytes lie on either side,
/// because processors prefetch lines in pairs. It is a structure because the runtime ignores the size that a class asks for.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct PaddedLong
{
    [FieldOffset(128)]
    public long Value;
}

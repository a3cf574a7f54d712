using System.Runtime.InteropServices;

namespace Shared.Scoring;

/// <summary>A number that one thread writes all the time: it stands on a cache line that holds nothing else. Two lines of 64 bytes lie on
/// either side, because processors fetch them in pairs. A structure, since the size that a class asks for is not kept to.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct PaddedLong
{
    [FieldOffset(128)]
    public long Value;
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Shared.Scoring.Lanes;

/// <summary>Sixteen bytes in each part of a wider register, because a shuffle does not cross the parts.</summary>
internal static class Repeated
{
#if NET9_0_OR_GREATER
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Create256(Vector128<byte> part) => Vector256.Create(part);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Create512(Vector128<byte> part) => Vector512.Create(part);
#else
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Create256(Vector128<byte> part) => Vector256.Create(part, part);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Create512(Vector128<byte> part) => Vector512.Create(Create256(part), Create256(part));
#endif
}

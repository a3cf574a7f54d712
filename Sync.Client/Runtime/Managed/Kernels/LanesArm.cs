using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Sync.Client.Runtime.Managed.Kernels;

/// <summary>16 trees side by side with AdvSimd of 64-bit Arm, whose table look-up takes 64 codes at once.</summary>
internal readonly struct LanesArm : ILanes<Vector128<byte>, (Vector128<byte>, Vector128<byte>, Vector128<byte>, Vector128<byte>)>
{
    public static bool IsSupported => AdvSimd.Arm64.IsSupported;

    public static string Name => "advsimd";

    public static int MaxCodes => 64;

    public static (Vector128<byte>, Vector128<byte>, Vector128<byte>, Vector128<byte>) Table(ref sbyte codes) =>
        (Vector128.LoadUnsafe(ref codes).AsByte(), Vector128.LoadUnsafe(ref codes, 16).AsByte(),
            Vector128.LoadUnsafe(ref codes, 32).AsByte(), Vector128.LoadUnsafe(ref codes, 48).AsByte());

    public static Vector128<byte> Fill(byte value) => Vector128.Create(value);

    public static Vector128<byte> Lookup(
        in (Vector128<byte>, Vector128<byte>, Vector128<byte>, Vector128<byte>) table, Vector128<byte> numbers) =>
        AdvSimd.Arm64.VectorTableLookup(table, numbers);

    public static Vector128<byte> Above(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.GreaterThan(left.AsSByte(), right.AsSByte()).AsByte();

    public static Vector128<byte> NotAbove(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.LessThanOrEqual(left.AsSByte(), right.AsSByte()).AsByte();

    public static Vector128<byte> Add(Vector128<byte> left, Vector128<byte> right) => left + right;

    public static Vector128<byte> Select(Vector128<byte> mask, Vector128<byte> whenSet, Vector128<byte> otherwise) =>
        Vector128.ConditionalSelect(mask, whenSet, otherwise);

    // All ones is -1.
    public static Vector128<byte> Append(Vector128<byte> number, Vector128<byte> mask) => number + number - mask;

    public static Vector128<byte> AndEither(Vector128<byte> kept, Vector128<byte> first, Vector128<byte> second) => kept & (first | second);

    public static Vector128<byte> LowestBit(Vector128<byte> bits) =>
        AdvSimd.LeadingZeroCount(AdvSimd.Arm64.ReverseElementBits(bits));

    public static Vector128<byte> IsZero(Vector128<byte> bits) => Vector128.Equals(bits, Vector128<byte>.Zero);
}

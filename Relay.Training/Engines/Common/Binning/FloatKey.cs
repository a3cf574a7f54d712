namespace Relay.Training.Engines.Common.Binning;

/// <summary>Floats as unsigned integers of the same order.</summary>
internal static class FloatKey
{
    private const uint Sign = 0x8000_0000;

    /// <param name="value">Not NaN. Minus zero and zero, which compare equal, get one key.</param>
    public static uint FromValue(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value + 0f);
        return (bits & Sign) != 0 ? ~bits : bits | Sign;
    }

    public static float Value(uint key) =>
        BitConverter.UInt32BitsToSingle((key & Sign) != 0 ? key & ~Sign : ~key);
}

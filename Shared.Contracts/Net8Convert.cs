#if !NET9_0_OR_GREATER
namespace Shared.Contracts;

/// <summary>A member of <see cref="Convert"/> that .NET 8 lacks.</summary>
internal static class Net8Convert
{
    extension(Convert)
    {
        public static string ToHexStringLower(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
    }
}
#endif

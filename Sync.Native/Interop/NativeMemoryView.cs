using System.Diagnostics.CodeAnalysis;

namespace Sync.Native.Interop;

/// <summary>Spans over memory of the caller, checked before anything is read.</summary>
internal static unsafe class NativeMemoryView
{
    /// <param name="what">The argument's name in <c>relaysync.h</c>.</param>
    /// <exception cref="NativeCallException">NULL with a length, or a length beyond what memory holds.</exception>
    public static Span<T> From<T>(void* memory, nuint count, string what)
        where T : unmanaged
    {
        if (memory == null && count != 0)
        {
            ThrowNull(what, count);
        }

        return new Span<T>(memory, CheckCount(count, what));
    }

    /// <exception cref="NativeCallException">It is beyond what memory holds.</exception>
    public static int CheckCount(nuint count, string what)
    {
        if (count > int.MaxValue / 8)
        {
            ThrowTooMany(what, count);
        }

        return (int)count;
    }

    /// <exception cref="NativeCallException">The pointer is NULL.</exception>
    public static void RequireOutput(void* memory, string what)
    {
        if (memory == null)
        {
            ThrowNull(what, 1);
        }
    }

    [DoesNotReturn]
    private static void ThrowNull(string what, nuint count) => throw new NativeCallException(
        NativeStatus.InvalidArgument, $"{what} is NULL where {count} are needed");

    [DoesNotReturn]
    private static void ThrowTooMany(string what, nuint count) => throw new NativeCallException(
        NativeStatus.InvalidArgument, $"{what} has {count} places: one call takes at most {int.MaxValue / 8}");
}

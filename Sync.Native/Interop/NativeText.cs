using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Sync.Native.Interop;

/// <summary>Texts across the boundary: UTF-8, ended by a NUL.</summary>
internal static unsafe class NativeText
{
    private static readonly ConcurrentDictionary<string, nint> Interned = new(StringComparer.Ordinal);

    /// <summary>The text in memory that stays until the process ends, the same for equal texts: what answers point to must outlive versions
    /// and nodes, since a caller may keep an answer. It is the names and labels of schemas, and a digest for each version.</summary>
    public static byte* Intern(string text) => (byte*)Interned.GetOrAdd(text, static t => (nint)Allocate(t));

    /// <summary>The text in memory that the caller frees with <c>relaysync_free</c>.</summary>
    public static byte* Allocate(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        byte* bytes = (byte*)NativeMemory.Alloc((nuint)length + 1);
        Encoding.UTF8.GetBytes(text, new Span<byte>(bytes, length));
        bytes[length] = 0;
        return bytes;
    }

    /// <param name="what">What the text is, for the error.</param>
    /// <exception cref="NativeCallException">It is NULL or not UTF-8.</exception>
    public static string Read(byte* text, string what)
    {
        if (text == null)
        {
            throw new NativeCallException(NativeStatus.InvalidArgument, $"{what} is NULL: pass a text");
        }

        ReadOnlySpan<byte> bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text);
        if (!Utf8.IsValid(bytes))
        {
            ThrowNotUtf8(what);
        }

        return Encoding.UTF8.GetString(bytes);
    }

    [DoesNotReturn]
    private static void ThrowNotUtf8(string what) =>
        throw new NativeCallException(NativeStatus.InvalidArgument, $"{what} is not UTF-8: pass texts in UTF-8");
}

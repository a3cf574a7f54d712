using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sync.Native.Interop;

/// <summary>The category texts of a thread: UTF-8 that a caller passes becomes the string that the scorer compares, without allocation where the
/// thread passed the same text lately.</summary>
internal sealed unsafe class CategoryTexts
{
    private const int Slots = 1024;
    private const int MaxKeptBytes = 256;
    private const int MaxKeptTexts = 1 << 16;
    private const ulong Golden = 0x9E3779B97F4A7C15;

    [ThreadStatic]
    private static CategoryTexts? _current;

    private readonly Entry[] _known = new Entry[Slots];
    private string[] _row = new string[16];

    /// <summary>The texts as strings, until the next call on this thread; NULL is an empty one, which is a missing value.</summary>
    /// <exception cref="NativeCallException">A text is not UTF-8, or the array is NULL though it has a length.</exception>
    public static ReadOnlySpan<string> Read(byte** texts, nuint count) =>
        count == 0 ? [] : (_current ??= new CategoryTexts()).ReadAll(NativeMemoryView.From<nint>(texts, count, "categories"));

    private ReadOnlySpan<string> ReadAll(ReadOnlySpan<nint> texts)
    {
        string[] row = _row;
        if (row.Length < texts.Length)
        {
            row = new string[Math.Max(texts.Length, 2 * row.Length)];
            _row = row.Length <= MaxKeptTexts ? row : _row;
        }

        for (int i = 0; i < texts.Length; i++)
        {
            row[i] = texts[i] == 0 ? "" : Find((byte*)texts[i]);
        }

        return row.AsSpan(0, texts.Length);
    }

    private string Find(byte* text)
    {
        ReadOnlySpan<byte> utf8 = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text);
        if (utf8.Length is 0 or > MaxKeptBytes)
        {
            return utf8.IsEmpty ? "" : NativeText.Read(text, "a category");
        }

        ref Entry entry = ref _known[Hash(utf8)];
        return entry.Utf8 is { } known && utf8.SequenceEqual(known) ? entry.Text : Add(ref entry, text, utf8);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string Add(ref Entry entry, byte* text, ReadOnlySpan<byte> utf8)
    {
        entry = new Entry(utf8.ToArray(), NativeText.Read(text, "a category"));
        return entry.Text;
    }

    private static int Hash(ReadOnlySpan<byte> utf8)
    {
        ulong hash = (ulong)utf8.Length;
        for (; utf8.Length >= sizeof(ulong); utf8 = utf8[sizeof(ulong)..])
        {
            hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(utf8)) * Golden, 29);
        }

        foreach (byte one in utf8)
        {
            hash = BitOperations.RotateLeft((hash ^ one) * Golden, 29);
        }

        return (int)(hash * Golden >> (64 - 10));
    }

    private readonly record struct Entry(byte[]? Utf8, string Text);
}

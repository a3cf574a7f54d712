using System.Runtime.InteropServices;
using System.Text;

namespace Sync.Native.Tests;

/// <summary>Texts in memory, for the time of a call.</summary>
internal sealed unsafe class NativeArguments : IDisposable
{
    private readonly List<nint> _all = [];

    public byte* Add(string? text) => text is null ? null : Add(Encoding.UTF8.GetBytes(text));

    public byte* Add(byte[] utf8)
    {
        byte* memory = (byte*)NativeMemory.AllocZeroed((nuint)utf8.Length + 1);
        utf8.CopyTo(new Span<byte>(memory, utf8.Length));
        _all.Add((nint)memory);
        return memory;
    }

    /// <summary>An array of texts; null for none.</summary>
    public byte** AddAll(ReadOnlySpan<string?> texts)
    {
        if (texts.IsEmpty)
        {
            return null;
        }

        byte** all = (byte**)NativeMemory.AllocZeroed((nuint)texts.Length, (nuint)sizeof(nint));
        _all.Add((nint)all);
        for (int i = 0; i < texts.Length; i++)
        {
            all[i] = Add(texts[i]);
        }

        return all;
    }

    public void Dispose() => _all.ForEach(memory => NativeMemory.Free((void*)memory));
}

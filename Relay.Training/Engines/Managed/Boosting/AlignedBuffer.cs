using System.Runtime.InteropServices;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Unmanaged numbers at an address that a cache line starts at: cells of 16 bytes never straddle two lines.</summary>
internal sealed unsafe class AlignedBuffer<T>(int count) : IDisposable
    where T : unmanaged
{
    private const nuint Alignment = 64;

    public T* Pointer { get; private set; } = (T*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, count) * (nuint)sizeof(T), Alignment);

    public Span<T> Span => new(Pointer, count);

    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Sync.Client.Scoring;

/// <summary>Queues copies of rows and answers for a comparison on another thread. The cost for a call is bounded: one copy into
/// preallocated memory, or nothing when all of it is in use.</summary>
internal sealed class ShadowTap
{
    private const int Capacity = 64;
    private readonly ConcurrentQueue<ShadowCall> _free = new();
    private readonly ConcurrentQueue<ShadowCall> _pending = new();

    public ShadowTap(int numbers, int categories, int outputs)
    {
        for (int i = 0; i < Capacity; i++)
        {
            _free.Enqueue(new(new float[numbers], new string[categories], new float[outputs]));
        }
    }

    /// <summary>Queues a copy of the first row, if there is a free buffer.</summary>
    public void Offer(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, ReadOnlySpan<float> outputs)
    {
        if (_free.TryDequeue(out ShadowCall? call))
        {
            numbers[..call.Numbers.Length].CopyTo(call.Numbers);
            categories[..call.Categories.Length].CopyTo(call.Categories);
            outputs[..call.Outputs.Length].CopyTo(call.Outputs);
            _pending.Enqueue(call);
        }
    }

    public bool TryTake([NotNullWhen(true)] out ShadowCall? call) => _pending.TryDequeue(out call);

    public void Return(ShadowCall call) => _free.Enqueue(call);
}

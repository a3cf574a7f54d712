using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Sync.Client.Scoring;

/// <summary>Where callers leave copies of their rows and answers for a comparison off their path. Their cost is bounded: one copy into
/// memory that is there already, or nothing when all of it is in use.</summary>
internal sealed class ShadowTap
{
    private const int Places = 64;
    private readonly ConcurrentQueue<ShadowCall> _free = new();
    private readonly ConcurrentQueue<ShadowCall> _left = new();

    public ShadowTap(int numbers, int categories, int outputs)
    {
        for (int i = 0; i < Places; i++)
        {
            _free.Enqueue(new(new float[numbers], new string[categories], new float[outputs]));
        }
    }

    /// <summary>Leaves a copy of the first row.</summary>
    public void Offer(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, ReadOnlySpan<float> outputs)
    {
        if (_free.TryDequeue(out ShadowCall? call))
        {
            numbers[..call.Numbers.Length].CopyTo(call.Numbers);
            categories[..call.Categories.Length].CopyTo(call.Categories);
            outputs[..call.Outputs.Length].CopyTo(call.Outputs);
            _left.Enqueue(call);
        }
    }

    public bool TryTake([NotNullWhen(true)] out ShadowCall? call) => _left.TryDequeue(out call);

    public void Return(ShadowCall call) => _free.Enqueue(call);
}

/// <summary>One row and what the version that answers made of it.</summary>
internal sealed record ShadowCall(float[] Numbers, string[] Categories, float[] Outputs);

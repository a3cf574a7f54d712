using System.Numerics;

namespace Sync.Client.OnnxRuntime;

/// <summary>A pool of bindings of one size, each used by one call at a time. A thread first looks at the slot of the binding that it used
/// last, so that threads rarely contend; a binding is created when none is free.</summary>
internal sealed class BindingPool(Func<RowBinding> create) : IDisposable
{
    private readonly RowBinding?[] _slots = new RowBinding?[BitOperations.RoundUpToPowerOf2((uint)(2 * Environment.ProcessorCount))];
    private readonly Lock _gate = new();
    private readonly List<RowBinding> _all = [];
    private readonly Stack<RowBinding> _spare = [];

    /// <summary>The number of rows scored through all bindings of the pool.</summary>
    public long ScoredRows
    {
        get
        {
            lock (_gate)
            {
                return _all.Sum(b => b.ScoredRows);
            }
        }
    }

    public RowBinding Take()
    {
        int home = Environment.CurrentManagedThreadId;
        for (int i = 0; i < _slots.Length; i++)
        {
            ref RowBinding? slot = ref _slots[(home + i) & (_slots.Length - 1)];
            if (slot is not null && Interlocked.Exchange(ref slot, null) is { } binding)
            {
                return binding;
            }
        }

        return TakeSpare();
    }

    public void Return(RowBinding binding)
    {
        int home = Environment.CurrentManagedThreadId;
        for (int i = 0; i < _slots.Length; i++)
        {
            ref RowBinding? slot = ref _slots[(home + i) & (_slots.Length - 1)];
            if (slot is null && Interlocked.CompareExchange(ref slot, binding, null) is null)
            {
                return;
            }
        }

        lock (_gate)
        {
            _spare.Push(binding);
        }
    }

    /// <summary>Frees all bindings. No call may hold one.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _all.ForEach(b => b.Dispose());
            _all.Clear();
        }
    }

    private RowBinding TakeSpare()
    {
        lock (_gate)
        {
            if (_spare.TryPop(out RowBinding? binding))
            {
                return binding;
            }

            binding = create();
            _all.Add(binding);
            return binding;
        }
    }
}

namespace Shared.Contracts.Http;

/// <summary>The events of the last seconds of one client, with one item per second that had any: a flood of events needs no more memory than a few.
/// The
/// newest second is in the struct itself.</summary>
internal struct SecondCounts
{
    private long _newestSecond;
    private int _newestCount;
    private int _oldest;
    private int _newest;

    /// <summary>Events that are counted.</summary>
    public int Total { get; private set; }

    /// <summary>True where <see cref="Add"/> needs an item of the slab.</summary>
    public readonly bool NeedsItem(long second) => _newestCount > 0 && second > _newestSecond;

    public void Add(long second, Slab<SecondCount> items)
    {
        if (NeedsItem(second))
        {
            int item = items.Rent();
            (items[item].Second, items[item].Count) = (_newestSecond, _newestCount);
            if (_newest == 0)
            {
                _oldest = item;
            }
            else
            {
                items[_newest].Next = item;
            }

            (_newest, _newestSecond, _newestCount) = (item, second, 0);
        }
        else if (_newestCount == 0)
        {
            _newestSecond = second;
        }

        _newestCount++;                         // a clock that stepped back counts in the newest second
        Total++;
    }

    /// <summary>Forgets the events up to a second.</summary>
    public void Forget(long second, Slab<SecondCount> items)
    {
        while (_oldest != 0 && items[_oldest].Second <= second)
        {
            int item = _oldest;
            Total -= items[item].Count;
            _oldest = items[item].Next;
            items.Return(item);
        }

        _newest = _oldest == 0 ? 0 : _newest;
        if (_newestCount > 0 && _newestSecond <= second)
        {
            Total -= _newestCount;
            _newestCount = 0;
        }
    }
}

/// <summary>The events of one second.</summary>
internal struct SecondCount : ISlabItem
{
    public long Second;
    public int Count;

    public int Next { get; set; }
}

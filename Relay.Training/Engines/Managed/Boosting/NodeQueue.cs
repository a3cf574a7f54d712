namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Nodes that wait to be split: roots first, since they are most work, then the latest, so that few wait. Taking one
/// blocks while others are still being split, since those may add more.</summary>
internal sealed class NodeQueue
{
    private readonly Stack<BoostingNode> _waiting = new();
    private readonly Queue<BoostingNode> _roots;
    private readonly object _gate = new();
    private int _unfinished;
    private bool _givenUp;

    public NodeQueue(IReadOnlyCollection<BoostingNode> roots)
    {
        _roots = new(roots);
        _unfinished = roots.Count;
    }

    public void Add(BoostingNode node)
    {
        lock (_gate)
        {
            _unfinished++;
            _waiting.Push(node);
            Monitor.Pulse(_gate);
        }
    }

    /// <returns>Null when all nodes are split, or the work was given up.</returns>
    public BoostingNode? Take()
    {
        lock (_gate)
        {
            if (!_givenUp && _roots.TryDequeue(out BoostingNode? root))
            {
                return root;
            }

            while (!_givenUp && _waiting.Count == 0 && _unfinished > 0)
            {
                Monitor.Wait(_gate);
            }

            return _givenUp || _waiting.Count == 0 ? null : _waiting.Pop();
        }
    }

    /// <summary>Says that a node taken is split and its children are added.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            if (--_unfinished == 0)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Lets all who wait go, after an error or a cancellation.</summary>
    public void GiveUp()
    {
        lock (_gate)
        {
            _givenUp = true;
            Monitor.PulseAll(_gate);
        }
    }
}

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Nodes that wait to be split: roots first, since they are most work, then the latest, so that few wait. Taking one
/// blocks while others are still being split, since those may add more.</summary>
internal sealed class NodeQueue
{
    private readonly Stack<BoostingNode> waiting = new();
    private readonly Queue<BoostingNode> roots;
    private readonly object gate = new();
    private int unfinished;
    private bool givenUp;

    public NodeQueue(IReadOnlyCollection<BoostingNode> roots)
    {
        this.roots = new(roots);
        unfinished = roots.Count;
    }

    public void Add(BoostingNode node)
    {
        lock (gate)
        {
            unfinished++;
            waiting.Push(node);
            Monitor.Pulse(gate);
        }
    }

    /// <returns>Null when all nodes are split, or the work was given up.</returns>
    public BoostingNode? Take()
    {
        lock (gate)
        {
            if (!givenUp && roots.TryDequeue(out BoostingNode? root))
            {
                return root;
            }

            while (!givenUp && waiting.Count == 0 && unfinished > 0)
            {
                Monitor.Wait(gate);
            }

            return givenUp || waiting.Count == 0 ? null : waiting.Pop();
        }
    }

    /// <summary>Says that a node taken is split and its children are added.</summary>
    public void Finish()
    {
        lock (gate)
        {
            if (--unfinished == 0)
            {
                Monitor.PulseAll(gate);
            }
        }
    }

    /// <summary>Lets all who wait go, after an error or a cancellation.</summary>
    public void GiveUp()
    {
        lock (gate)
        {
            givenUp = true;
            Monitor.PulseAll(gate);
        }
    }
}

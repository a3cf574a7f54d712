namespace Relay.Training.Engines.Boosting;

/// <summary>Nodes that wait to be split. Taking one blocks while others are still being split, since those may add more.</summary>
internal sealed class NodeQueue
{
    private readonly Stack<BoostingNode> waiting = new();
    private readonly object gate = new();
    private int unfinished;
    private bool givenUp;

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

namespace Relay.Server.Storage;

/// <summary>Lets the writers of this process take turns, in the order in which they ask. SQLite alone lets a writer that waits try again
/// every 150 ms: one that writes without pause, such as the storm of a fleet's reports, would keep it out until its time is over.</summary>
internal sealed class WriteTurns
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private bool _isTaken;

    /// <summary>Waits for the turn, which lasts until the result is disposed. One that has the turn may not ask for another.</summary>
    public Turn Take()
    {
        TaskCompletionSource? turn = null;
        lock (_gate)
        {
            if (_isTaken)
            {
                _waiting.Enqueue(turn = new());
            }

            _isTaken = true;
        }

        turn?.Task.GetAwaiter().GetResult();
        return new Turn(this);
    }

    private void End()
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out TaskCompletionSource? next))
            {
                next.SetResult();
            }
            else
            {
                _isTaken = false;
            }
        }
    }

    internal readonly struct Turn(WriteTurns turns) : IDisposable
    {
        public void Dispose() => turns.End();
    }
}

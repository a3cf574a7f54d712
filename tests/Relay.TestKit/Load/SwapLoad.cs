using System.Diagnostics;

namespace Relay.TestKit.Load;

/// <summary>Asks a model.</summary>
/// <param name="probabilities">Gets them.</param>
/// <returns>The version that answered.</returns>
public delegate int VersionedPredict(ReadOnlySpan<float> row, Span<float> probabilities);

/// <summary>Threads that call a model without a pause while its version changes, and hold every answer against the version that it names:
/// other bits than that version's are a mixed answer.</summary>
/// <param name="predict">The call.</param>
/// <param name="rows">The rows to go through in turn.</param>
/// <param name="expected">Per version and row, the probabilities.</param>
public sealed class SwapLoad(
    VersionedPredict predict, IReadOnlyList<float[]> rows, IReadOnlyDictionary<int, float[][]> expected) : IDisposable
{
    private readonly List<Thread> _threads = [];
    private readonly List<LatencyHistogram> _latencies = [];
    private long _failed;
    private long _mixed;
    private volatile bool _stop;

    /// <summary>Answers so far. Counted by each thread for itself: a count that all write would be what the calls wait for.</summary>
    public long Calls => _latencies.Sum(l => l.Count);

    /// <summary>Calls that threw.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Answers that are not those of the version they name.</summary>
    public long Mixed => Interlocked.Read(ref _mixed);

    public void Start(int threads)
    {
        for (int i = 0; i < threads; i++)
        {
            LatencyHistogram latencies = new();
            Thread thread = new(() => Call(latencies)) { IsBackground = true };
            _latencies.Add(latencies);
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Ends the calls and returns how long they took.</summary>
    public LatencyHistogram Stop()
    {
        _stop = true;
        _threads.ForEach(t => t.Join());
        return LatencyHistogram.Sum(_latencies);
    }

    public void Dispose() => Stop();

    private void Call(LatencyHistogram latencies)
    {
        // On the thread's own stack: arrays of two threads can come to lie on one cache line, and then each call waits for it.
        Span<float> probabilities = stackalloc float[expected.Values.First()[0].Length];
        for (int i = 0; !_stop; i = (i + 1) % rows.Count)
        {
            long start = Stopwatch.GetTimestamp();
            int version;
            try
            {
                version = predict(rows[i], probabilities);
            }
            catch (Exception)
            {
                Interlocked.Increment(ref _failed);
                continue;
            }

            latencies.Add(Stopwatch.GetTimestamp() - start);
            if (!expected.TryGetValue(version, out float[][]? answers) || !probabilities.SequenceEqual(answers[i]))
            {
                Interlocked.Increment(ref _mixed);
            }
        }
    }
}

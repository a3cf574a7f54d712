using System.Diagnostics;

namespace Relay.TestKit.Load;

/// <summary>Threads that call a model without a pause while its version changes, and hold every answer against the version that it names:
/// other bits than that version's are a mixed answer.</summary>
/// <param name="predict">A row and the place for its probabilities; returns the version that answered.</param>
/// <param name="rows">The rows to go through in turn.</param>
/// <param name="expected">Per version and row, the probabilities.</param>
public sealed class SwapLoad(
    Func<float[], float[], int> predict, IReadOnlyList<float[]> rows, IReadOnlyDictionary<int, float[][]> expected) : IDisposable
{
    private readonly List<Thread> _threads = [];
    private readonly List<LatencyHistogram> _latencies = [];
    private long _calls;
    private long _failed;
    private long _mixed;
    private volatile bool _stop;

    public long Calls => Interlocked.Read(ref _calls);

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
        float[] probabilities = new float[expected.Values.First()[0].Length];
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
            if (!expected.TryGetValue(version, out float[][]? answers) || !answers[i].AsSpan().SequenceEqual(probabilities))
            {
                Interlocked.Increment(ref _mixed);
            }

            Interlocked.Increment(ref _calls);
        }
    }
}

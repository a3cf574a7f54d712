using System.Collections.Concurrent;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Histograms to use again: as many as are in use at once, and no more.</summary>
/// <param name="count">Cells of each.</param>
internal sealed class HistogramPool(int count) : IDisposable
{
    private readonly ConcurrentBag<Histogram> free = [];
    private readonly ConcurrentBag<Histogram> all = [];

    /// <summary>An empty histogram.</summary>
    public Histogram Rent()
    {
        if (!free.TryTake(out Histogram? histogram))
        {
            histogram = new Histogram(count);
            all.Add(histogram);
        }

        histogram.Clear();
        return histogram;
    }

    public void Return(Histogram histogram) => free.Add(histogram);

    public void Dispose()
    {
        foreach (Histogram histogram in all)
        {
            histogram.Dispose();
        }
    }
}

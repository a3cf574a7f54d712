using System.Collections.Concurrent;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Histograms to use again: as many as are in use at once, and no more.</summary>
/// <param name="count">Cells of each.</param>
internal sealed class HistogramPool(int count) : IDisposable
{
    private readonly ConcurrentBag<Histogram> _free = [];
    private readonly ConcurrentBag<Histogram> _all = [];

    /// <summary>An empty histogram.</summary>
    public Histogram Rent()
    {
        if (!_free.TryTake(out Histogram? histogram))
        {
            histogram = new Histogram(count);
            _all.Add(histogram);
        }

        histogram.Clear();
        return histogram;
    }

    public void Return(Histogram histogram) => _free.Add(histogram);

    public void Dispose()
    {
        foreach (Histogram histogram in _all)
        {
            histogram.Dispose();
        }
    }
}

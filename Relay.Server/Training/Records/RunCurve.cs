using Relay.Training;
using Shared.Contracts.Api;

namespace Relay.Server.Training.Records;

/// <summary>Collects the curve of a run from the engine's progress. Of many iterations it keeps every second, every fourth and so on, counted from
/// the first, and always the last one.</summary>
internal sealed class RunCurve
{
    private readonly List<TrainingCurvePoint> _points;
    private long _stride;
    private long? _total;
    private long? _kept;
    private double _before;

    /// <param name="known">That of an earlier attempt, which a run goes on with from its checkpoint.</param>
    public RunCurve(TrainingCurve known)
    {
        _points = [.. known.Points];
        _stride = FindStride(_points);
        _before = _points.Count > 0 ? _points[^1].Seconds : 0;
        _total = known.Total;
    }

    public static TrainingCurve Empty { get; } = new() { Points = [] };

    /// <param name="progress">Of any stage.</param>
    /// <param name="elapsed">Since the stage began in this process.</param>
    /// <returns>Whether the curve changed.</returns>
    public bool Add(TrainingProgress progress, TimeSpan elapsed)
    {
        switch (progress.Stage)
        {
            case "fit":
                return AddPoint(progress, elapsed.TotalSeconds);
            case "keep":
                _kept = progress.Done;
                return true;
            default:
                return false;
        }
    }

    public TrainingCurve Read() => new() { Points = [.. _points], Total = _total, Kept = _kept };

    private static long FindStride(List<TrainingCurvePoint> points)
    {
        long stride = 1;
        for (int i = 1; i < points.Count - 1 && points.Count > TrainingCurve.MaxPoints / 4; i++)
        {
            long gap = points[i].Iteration - points[i - 1].Iteration;
            stride = i == 1 ? gap : Math.Min(stride, gap);
        }

        return Math.Max(1, stride);
    }

    private bool AddPoint(TrainingProgress progress, double seconds)
    {
        if (progress.Done <= 1 && _points.Count > 0)
        {
            // Another fit, or the same one from its beginning.
            _points.Clear();
            (_stride, _before, _kept) = (1, 0, null);
        }

        _total = progress.Total;

        // Threads report out of order, and a run that goes on from its checkpoint does some iterations again.
        if (progress.Done < 1 || (_points.Count > 0 && progress.Done <= _points[^1].Iteration))
        {
            return false;
        }

        double? loss = progress.ValidationLoss is { } value && double.IsFinite(value) ? value : null;
        TrainingCurvePoint point = new(progress.Done, loss, Math.Round(_before + seconds, 3));
        if (_points.Count > 0 && !IsOnStride(_points[^1]))
        {
            _points[^1] = point;
        }
        else
        {
            _points.Add(point);
        }

        while (_points.Count > TrainingCurve.MaxPoints)
        {
            _stride *= 2;
            _points.RemoveAll(other => other != point && !IsOnStride(other));
        }

        return true;
    }

    private bool IsOnStride(TrainingCurvePoint point) => (point.Iteration - 1) % _stride == 0;
}

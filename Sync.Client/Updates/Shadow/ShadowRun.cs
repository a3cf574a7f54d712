using Shared.Contracts.Api;
using Sync.Client.Scoring;

namespace Sync.Client.Updates.Shadow;

/// <summary>Compares the answers of one candidate with those of the active version, on a thread of its own.</summary>
/// <param name="map">Of their schemas.</param>
internal sealed class ShadowRun(ModelScorer active, ModelScorer candidate, AnswerMap map, ShadowOptions options, TimeProvider timeProvider)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private readonly float[] _outputs = new float[candidate.OutputWidth];

    // The wait begins with the trial, and not when the system first runs the thread.
    private readonly long _start = timeProvider.GetTimestamp();
    private volatile ShadowReport _report = new()
    {
        Model = active.Version.Name,
        Active = active.Version.Version,
        Candidate = candidate.Version.Version,
        State = ShadowState.Running,
        Calls = 0,
        Disagreements = 0,
        LargestDifference = 0,
    };

    public ShadowReport Report => _report;

    /// <summary>Compares until there were enough calls, too many disagreements, or the time is over.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        ShadowTap tap = active.Tap();
        try
        {
            while (_report.Calls < options.Calls && _report.Disagreements <= options.MaxDisagreement * options.Calls
                && timeProvider.GetElapsedTime(_start) < options.MaxWait && !cancellationToken.IsCancellationRequested)
            {
                if (tap.TryTake(out ShadowCall? call))
                {
                    Compare(call);
                    tap.Return(call);
                }
                else
                {
                    cancellationToken.WaitHandle.WaitOne(Pause);
                }
            }
        }
        finally
        {
            active.Untap();
        }

        _report = _report with
        {
            State = cancellationToken.IsCancellationRequested ? ShadowState.Abandoned
                : _report.Disagreements > options.MaxDisagreement * _report.Calls ? ShadowState.Disagreed
                : ShadowState.Agreed,
        };
    }

    private void Compare(ShadowCall call)
    {
        (bool disagrees, double difference) = Difference(call);
        _report = _report with
        {
            Calls = _report.Calls + 1,
            Disagreements = _report.Disagreements + (disagrees ? 1 : 0),
            LargestDifference = Math.Max(_report.LargestDifference, difference),
        };
    }

    private (bool Disagrees, double Difference) Difference(ShadowCall call)
    {
        try
        {
            map.Score(candidate, call, _outputs);
        }
        catch (RelayModelException)
        {
            // The active version answered this call.
            return (true, 0);
        }

        double largest = map.FindLargestDifference(call.Outputs, _outputs);
        return (active.LabelOf(call.Outputs) is { } label ? label != candidate.LabelOf(_outputs) : largest > options.ValueTolerance, largest);
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using Shared.Contracts.Api;

namespace Sync.Client.Telemetry;

/// <summary>The metrics and traces of one node, for OpenTelemetry: a meter and an activity source of the same name. Without a listener they cost
/// nothing.</summary>
internal sealed class NodeTelemetry : IDisposable
{
    /// <summary>Of the meter and of the activity source.</summary>
    public const string Name = "Relay.Sync.Client";

    private const string OutcomeTag = "relay.update.outcome";
    private const string ErrorTag = "error.type";
    private const string ModelTag = "relay.model";
    private const string VersionTag = "relay.model.version";

    private static readonly ActivitySource Source = new(Name);

    private readonly Meter _meter = new(Name);
    private readonly Histogram<double> _updates;
    private readonly Counter<long> _refusals;
    private readonly KeyValuePair<string, object?>[] _node;
    private readonly TimeProvider _timeProvider;

    /// <param name="status">The node's state at this moment.</param>
    public NodeTelemetry(string node, string channel, Func<SyncStatus> status, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _node = [new("relay.node", node), new("relay.channel", channel)];
        _updates = _meter.CreateHistogram<double>("relay.sync.update.duration", "s", "Updates, by outcome: activated, current or refused.");
        _refusals = _meter.CreateCounter<long>("relay.sync.refusals", "{refusal}", "Refusals that began, by reason.");
        _meter.CreateObservableGauge("relay.sync.release", () => new Measurement<int>(status().Release, _node), null, "Active release; 0 for none.");
        _meter.CreateObservableGauge(
            "relay.sync.stale", () => new Measurement<int>(status().Stale ? 1 : 0, _node), null, "1 while the metadata have expired.");
        _meter.CreateObservableGauge("relay.sync.refresh.age", () => ReadAge(status()), "s", "Time since the metadata were last current.");
        _meter.CreateObservableCounter(
            "relay.model.rows", () => Read(status(), model => model.Predictions), "{row}", "Rows scored since the version became active.");
        _meter.CreateObservableCounter(
            "relay.model.failures", () => Read(status(), model => model.Failures), "{call}", "Calls that the scorer failed.");
        _meter.CreateObservableCounter(
            "relay.model.caller_faults", () => Read(status(), model => model.CallerFaults), "{call}",
            "Calls without an answer because of the call, such as a row of the wrong width.");
    }

    /// <summary>Begins the trace of an update; null where no listener wants it.</summary>
    public Activity? StartUpdate() =>
        HasListeners() ? Source.StartActivity("relay.sync.update", ActivityKind.Internal, default(ActivityContext), _node) : null;

    /// <summary>Begins the part of a trace in which a file is loaded and tried out.</summary>
    public static Activity? StartTryOut(string model, int version) => HasListeners()
        ? Source.StartActivity(
            "relay.sync.try_out", ActivityKind.Internal, default(ActivityContext), [new(ModelTag, model), new(VersionTag, version)])
        : null;

    /// <summary>Counts an update and ends its trace.</summary>
    /// <param name="reason">Why it was refused; null where it was not.</param>
    public void EndUpdate(Activity? activity, long started, bool isActivated, string? reason)
    {
        string outcome = isActivated ? "activated" : reason is null ? "current" : "refused";
        activity?.SetTag(OutcomeTag, outcome);
        Fail(activity, reason);
        _updates.Record(_timeProvider.GetElapsedTime(started).TotalSeconds, [.. _node, new(OutcomeTag, outcome)]);
    }

    /// <summary>Marks a part of a trace as failed, where there is a reason.</summary>
    public static void Fail(Activity? activity, string? reason)
    {
        if (activity is not null && reason is not null)
        {
            activity.SetTag(ErrorTag, reason).SetStatus(ActivityStatusCode.Error, reason);
        }
    }

    public void CountRefusal(string reason) => _refusals.Add(1, [.. _node, new(ErrorTag, reason)]);

    public void Dispose() => _meter.Dispose();

    // A method, so that the C library, where nothing can listen, is compiled without what follows.
    private static bool HasListeners() => Source.HasListeners();

    private IEnumerable<Measurement<double>> ReadAge(SyncStatus status)
    {
        if (status.LastRefresh is { } last)
        {
            yield return new((_timeProvider.GetUtcNow() - last).TotalSeconds, _node);
        }
    }

    private IEnumerable<Measurement<long>> Read(SyncStatus status, Func<ActiveModel, long> read) => status.Models.Select(model =>
        new Measurement<long>(read(model), [.. _node, new(ModelTag, model.Name), new(VersionTag, model.Version)]));
}

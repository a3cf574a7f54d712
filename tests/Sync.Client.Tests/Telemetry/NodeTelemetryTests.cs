using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Relay.TestKit.Models;
using Shared.Contracts;
using Sync.Client.Telemetry;

namespace Sync.Client.Tests.Telemetry;

public sealed class NodeTelemetryTests : IAsyncLifetime
{
    private readonly ConcurrentBag<(string Name, double Value, Dictionary<string, object?> Tags)> _measured = [];
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await NodeFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Updates_OfANode_AreMeasuredAndTraced()
    {
        // Other tests run nodes at the same time: this one has a name of its own.
        string name = _fixture.Options.NodeId = $"node-{Guid.NewGuid():N}";
        using MeterListener meters = Listen(name);
        ConcurrentBag<Activity> traces = [];
        using ActivityListener activities = new()
        {
            ShouldListenTo = source => source.Name == NodeTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = traces.Add,
        };
        ActivitySource.AddActivityListener(activities);
        TestModel model = TestModel.Create();
        await _fixture.PublishAsync(model);
        using SyncClient node = _fixture.OpenNode();

        await node.RefreshAsync();
        node.Models.Single().Predict(model.NumbersOf(0));
        await node.RefreshAsync();
        _fixture.KillRelay();
        await node.RefreshAsync();
        meters.RecordObservableInstruments();

        Assert.Equal(
            ["activated", "current", "refused"],
            _measured.Where(m => m.Name == "relay.sync.update.duration").Select(m => (string)m.Tags["relay.update.outcome"]!).Order());
        Assert.Equal(
            nameof(RefusalReason.TransportUnavailable), Assert.Single(_measured, m => m.Name == "relay.sync.refusals").Tags["error.type"]);
        Assert.Equal(1, Assert.Single(_measured, m => m.Name == "relay.sync.release").Value);
        Assert.Equal(1, Assert.Single(_measured, m => m.Name == "relay.model.rows").Value);
        Activity[] updates = [.. traces.Where(trace => name.Equals(trace.GetTagItem("relay.node")))];
        Assert.Equal(3, updates.Length);
        Assert.Equal(ActivityStatusCode.Error, updates.MaxBy(trace => trace.StartTimeUtc)!.Status);
        ActivityTraceId first = updates.MinBy(trace => trace.StartTimeUtc)!.TraceId;
        Assert.Single(traces, trace => trace.OperationName == "relay.sync.try_out" && trace.TraceId == first);
    }

    private MeterListener Listen(string node)
    {
        MeterListener listener = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == NodeTelemetry.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        return listener;

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            Dictionary<string, object?> read = new(tags.ToArray());
            if (node.Equals(read["relay.node"]))
            {
                _measured.Add((instrument.Name, value, read));
            }
        }
    }
}

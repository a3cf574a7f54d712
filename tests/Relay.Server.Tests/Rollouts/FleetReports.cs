using Shared.Contracts.Api;
using Shared.Contracts.Reports;

namespace Relay.Server.Tests.Rollouts;

/// <summary>Check-ins of a fleet, each with one usage window of its own.</summary>
/// <param name="timeProvider">The nodes' clock; null: the system's.</param>
internal sealed class FleetReports(TimeProvider? timeProvider = null)
{
    public const int Calls = 100;
    private long _sequence = 1;

    /// <param name="failures">Failed calls of 100.</param>
    /// <param name="shape">What else the calls were; null: nothing.</param>
    public CheckIn Create(string node, int release, ModelVersion version, long failures, Func<VersionUsage, VersionUsage>? shape = null)
    {
        long now = (timeProvider ?? TimeProvider.System).GetUtcNow().ToUnixTimeMilliseconds();
        long sequence = Interlocked.Increment(ref _sequence);
        VersionUsage usage = new()
        {
            Release = release,
            Model = version.Name,
            Version = version.Version,
            Calls = Calls,
            Rows = Calls,
            Failures = failures,
        };
        return new()
        {
            Node = node,
            Channel = "stable",
            Release = release,
            Stale = false,
            At = DateTimeOffset.FromUnixTimeMilliseconds(now),
            Models = [],
            Refusals = [],
            Quarantine = [],
            Sequence = sequence,
            Windows = [new() { Id = now + sequence, Seconds = 1, Versions = [shape?.Invoke(usage) ?? usage] }],
        };
    }
}

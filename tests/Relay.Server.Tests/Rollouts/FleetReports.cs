using Shared.Contracts.Api;
using Shared.Contracts.Reports;

namespace Relay.Server.Tests.Rollouts;

/// <summary>Check-ins of a fleet, each with one usage window of its own.</summary>
internal sealed class FleetReports
{
    private const int Calls = 100;
    private long _sequence = 1;

    /// <param name="failures">Failed calls of 100.</param>
    public CheckIn Create(string node, int release, ModelVersion version, long failures)
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        long sequence = Interlocked.Increment(ref _sequence);
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
            Windows =
            [
                new()
                {
                    Id = now + sequence,
                    Seconds = 1,
                    Versions = [new() { Release = release, Model = version.Name, Version = version.Version, Calls = Calls, Rows = Calls, Failures = failures }],
                },
            ],
        };
    }
}

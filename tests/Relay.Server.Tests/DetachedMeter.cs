using System.Diagnostics.Metrics;
using Relay.Server.Telemetry;

namespace Relay.Server.Tests;

/// <summary>The meter of no relay, for parts that a test composes by itself.</summary>
internal static class DetachedMeter
{
    public static RelayMeter Create() => new(new Factory());

    private sealed class Factory : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options.Name, options.Version, options.Tags, scope: this);

        public void Dispose()
        {
        }
    }
}

using System.Diagnostics.Metrics;
using Relay.Server.Telemetry;

namespace Relay.Server.Monitoring.Figures;

/// <summary>Registers an instrument for each gauge. Nothing is read before someone collects.</summary>
internal sealed class FigureGauges
{
    public FigureGauges(RelayMeter meter, FigureReader reader)
    {
        foreach (Gauge gauge in reader.Gauges)
        {
            if (gauge.IsCounter)
            {
                meter.Meter.CreateObservableCounter(gauge.Name, () => reader.Read(gauge.Name), gauge.Unit, gauge.Description);
            }
            else
            {
                meter.Meter.CreateObservableGauge(gauge.Name, () => reader.Read(gauge.Name), gauge.Unit, gauge.Description);
            }
        }
    }
}

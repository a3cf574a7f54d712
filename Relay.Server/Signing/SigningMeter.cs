using System.Diagnostics.Metrics;
using Relay.Server.Telemetry;

namespace Relay.Server.Signing;

/// <summary>Counts signatures that could not be made.</summary>
internal sealed class SigningMeter
{
    /// <summary>Of a model, at the end of its training run.</summary>
    public const string Model = "model";

    /// <summary>Of a model's time stamp or its evidence, when it is published.</summary>
    public const string Publication = "publication";

    /// <summary>Of metadata that is due, by the relay itself.</summary>
    public const string Renewal = "renewal";

    /// <summary>Of metadata, for a request.</summary>
    public const string Request = "request";

    private readonly Counter<long> _failures;

    public SigningMeter(RelayMeter meter)
    {
        _failures = meter.Meter.CreateCounter<long>(
            "relay.signing.failures", "{failure}",
            "Signatures since the start that could not be made, by purpose: model, publication, renewal, request");
        foreach (string purpose in (string[])[Model, Publication, Renewal, Request])
        {
            _failures.Add(0, Tag(purpose));
        }
    }

    public void CountFailure(string purpose) => _failures.Add(1, Tag(purpose));

    private static KeyValuePair<string, object?> Tag(string purpose) => new("purpose", purpose);
}

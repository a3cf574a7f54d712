using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Relay.Server.Keys.Signers;
using Relay.Server.Storage;
using Relay.Server.Telemetry;

namespace Relay.Server.Signing;

/// <summary>Counts signatures that could not be made.</summary>
internal sealed class SigningMeter
{
    /// <summary>Of a model, at the end of its training run.</summary>
    public const string Model = "model";

    /// <summary>Of a model's time stamp or its evidence, when it is published, and of the publications of rollouts.</summary>
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
            "Signatures since the start that could not be made, by purpose: model, publication, renewal, request; and by cause: key, authority, " +
                "clock, storage, other");
        foreach (string purpose in (string[])[Model, Publication, Renewal, Request])
        {
            foreach (SigningFault cause in Enum.GetValues<SigningFault>())
            {
                Count(0, purpose, cause);
            }
        }
    }

    public void CountFailure(string purpose, Exception error) => Count(1, purpose, error switch
    {
        SigningException signing => signing.Fault,
        CryptographicException => SigningFault.Key,
        _ when StorageHealth.IsStorageError(error) => SigningFault.Storage,
        _ => SigningFault.Other,
    });

    private void Count(long failures, string purpose, SigningFault cause) => _failures.Add(
        failures, new KeyValuePair<string, object?>("purpose", purpose),
        new KeyValuePair<string, object?>("cause", cause.ToString().ToLowerInvariant()));
}

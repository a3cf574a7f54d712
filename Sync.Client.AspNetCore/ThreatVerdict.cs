namespace Sync.Client.AspNetCore;

/// <summary>What the model said of a request, and what became of it.</summary>
public readonly record struct ThreatVerdict
{
    /// <summary>True when a version scored the request. Where false, nothing is known of it: it is not benign.</summary>
    public bool IsScored => Fault is null;

    /// <summary>Why the request has no score; null when it has one.</summary>
    public string? Fault { get; init; }

    /// <summary>The answer of the model; default where the request has no score.</summary>
    public Prediction Prediction { get; init; }

    /// <summary>1 minus the probability of the benign class; NaN where the request has no score.</summary>
    public float Score { get; init; }

    /// <summary>What the policy of the endpoint made of it.</summary>
    public ThreatAction Action { get; init; }

    /// <summary>The address that the request came from, by <see cref="ThreatScoringOptions.TrustedProxies"/>.</summary>
    public required System.Net.IPAddress Client { get; init; }

    /// <summary>The id of the recorded row, for <see cref="IRelaySamples.Label"/>; null where none was recorded.</summary>
    public string? SampleId { get; init; }
}

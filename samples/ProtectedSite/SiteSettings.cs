namespace ProtectedSite;

/// <summary>Settings from appsettings.json, environment or arguments, such as <c>--Relay https://relay:60002</c>.</summary>
internal sealed record SiteSettings
{
    public Uri? Relay { get; init; }

    public string TrustedRoot { get; init; } = "root.json";

    /// <summary>PEM file of the relay's own certificate authority; empty for the system's trust.</summary>
    public string? TlsRoot { get; init; }

    /// <summary>File with the enrollment token from the relay's operator; empty for a relay that takes nodes without keys.</summary>
    public string? EnrollmentTokenFile { get; init; }

    public string StoreFolder { get; init; } = "relay-store";

    public string Model { get; init; } = "threat-classifier";

    public string NodeId { get; init; } = Environment.MachineName;

    public double PollSeconds { get; init; } = 30;

    public LoadSettings Load { get; init; } = new();
}

/// <param name="Threads">Threads that predict without pause, to show that a swap disturbs none of them.</param>
internal sealed record LoadSettings(int Threads = 0);

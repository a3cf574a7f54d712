using System.Net;

namespace Relay.Server.Webhooks;

/// <summary>The settings of deliveries; a relay sets <see cref="AllowsPrivate"/> alone.</summary>
internal sealed record WebhookSettings
{
    /// <summary>Deliveries go to private, loopback and link-local addresses as well, and by http to loopback.</summary>
    public bool AllowsPrivate { get; init; }

    /// <summary>How often the relay looks for events to deliver.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time of one attempt.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after the first failure; it doubles with each further one.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The relay pauses a webhook when all deliveries failed for this long.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(1);

    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;
}

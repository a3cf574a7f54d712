using System.Net;
using Microsoft.AspNetCore.Http;

namespace Sync.Client.AspNetCore;

/// <summary>The options of <see cref="ThreatScoring.UseThreatScoring"/>. They are validated when the host starts.</summary>
public sealed class ThreatScoringOptions
{
    /// <summary>The name of the model, or <c>relay/model</c> where the app has several relays. Default null: the only model of the app.</summary>
    public string? Model { get; set; }

    /// <summary>The policy of endpoints that have none of their own.</summary>
    public ThreatPolicy Policy { get; set; } = new();

    /// <summary>Networks of proxies whose <c>X-Forwarded-For</c> is believed, such as <c>10.0.0.0/8</c>: the client is the last address that none of
    /// them contains. Default empty: the client is who holds the connection. A header that anybody may send never names the client.</summary>
    public IList<IPNetwork> TrustedProxies { get; } = [];

    /// <summary>True where requests over a Unix socket come from a proxy, as in <see cref="TrustedProxies"/>. Default false.</summary>
    public bool TrustUnixSockets { get; set; }

    /// <summary>Headers that a trusted proxy adds, which are no part of what the client sent and therefore of no feature. Default
    /// <c>X-Forwarded-For</c> (unless the client sent one too), <c>X-Forwarded-Proto</c>, <c>X-Forwarded-Host</c>, <c>X-Real-IP</c>.</summary>
    public ISet<string> ProxyHeaders { get; } =
        new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP" };

    /// <summary>Clients whose history is kept, at 100 bytes and more each; the least recently seen are forgotten. Default 65,536.</summary>
    public int ClientCapacity { get; set; } = 65_536;

    /// <summary>Whether the response says that a login failed: it counts for later requests of the client. Default: its status is 401.</summary>
    public Func<HttpContext, bool> IsFailedLogin { get; set; } = context => context.Response.StatusCode == StatusCodes.Status401Unauthorized;

    /// <summary>True to record the row of each request by <see cref="IRelaySamples"/>, as far as <see cref="RelaySyncOptions.Samples"/> and the
    /// signed
    /// file of the model allow. Default false.</summary>
    public bool RecordSamples { get; set; }

    /// <summary>True to add <c>X-Relay-Verdict</c>, <c>X-Relay-Probability</c> and <c>X-Relay-Version</c> to responses. Attackers read them too: for
    /// tests and demonstrations. Default false.</summary>
    public bool ResponseHeaders { get; set; }
}

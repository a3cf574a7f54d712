using System.Globalization;
using System.Net;
using Shared.Contracts.Http;

namespace Relay.Training.Simulation;

/// <summary>A program at an address that sends requests: keeps its clock and the headers it always sends.</summary>
internal sealed class SimulatedClient(Random random, DateTimeOffset start, string host)
{
    private static readonly string[] BrowserAgents =
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{0}.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{0}.1 Safari/605.1.15",
        "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_{0} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    ];

    private static readonly string[] Languages = ["en-US,en;q=0.9", "de-DE,de;q=0.8,en;q=0.5", "fr-FR,fr;q=0.9", "es-ES,es;q=0.7", "en-GB"];

    private readonly List<KeyValuePair<string, string>> _headers = [new("Host", host)];

    public Random Random => random;

    /// <summary>The number of its session among those of its kind, from 0: what few sessions choose goes in turn, so that no seed leaves out
    /// what another has.</summary>
    public int Turn { get; init; }

    public DateTimeOffset Now { get; private set; } = start;

    public IPAddress Address { get; private init; } = RandomAddress(random);

    /// <summary>Another address that sends the very same headers, as the machines of a botnet do.</summary>
    public SimulatedClient Twin(DateTimeOffset at)
    {
        SimulatedClient twin = new(random, at, host) { Address = RandomAddress(random) };
        twin._headers.Clear();
        twin._headers.AddRange(_headers);
        return twin;
    }

    public SimulatedClient WithBrowserHeaders()
    {
        string agent = string.Format(CultureInfo.InvariantCulture, Pick(BrowserAgents), random.Next(90, 130));
        return With("User-Agent", agent)
            .With("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            .With("Accept-Language", Pick(Languages))
            .With("Accept-Encoding", "gzip, deflate, br");
    }

    public SimulatedClient With(string name, string value)
    {
        _headers.Add(new(name, value));
        return this;
    }

    /// <summary>About one client of six comes through a proxy that says so.</summary>
    public SimulatedClient MaybeThroughProxy()
    {
        if (random.Next(6) == 0)
        {
            With("X-Forwarded-For", RandomAddress(random).ToString());
            if (random.Next(2) == 0)
            {
                With("Via", "1.1 proxy");
            }
        }

        return this;
    }

    public SimulatedClient Wait(double seconds)
    {
        Now = Now.AddTicks((long)(Math.Max(0, seconds) * TimeSpan.TicksPerSecond));
        return this;
    }

    /// <summary>Waits for an exponentially distributed pause with this mean.</summary>
    public SimulatedClient Pause(double meanSeconds) => Wait(-Math.Log(1 - random.NextDouble()) * meanSeconds);

    public T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    public SimulatedRequest Get(string target, string @class) => Send("GET", target, @class);

    public SimulatedRequest Post(string target, string @class, int bodyLength, bool loginFails = false) => Send("POST", target, @class, loginFails,
        new("Content-Type", "application/x-www-form-urlencoded"),
        new("Content-Length", bodyLength.ToString(CultureInfo.InvariantCulture)));

    public SimulatedRequest Send(
        string method, string target, string @class, bool loginFails = false, params ReadOnlySpan<KeyValuePair<string, string>> extra) =>
        new(new HttpRequestFacts(Now, Address, method, target, [.. _headers, .. extra]), @class, loginFails);

    /// <summary>Any unicast IPv4 address, so that an address alone does not reveal the class.</summary>
    private static IPAddress RandomAddress(Random random) => new(
        [(byte)random.Next(1, 224), (byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(1, 255)]);
}

using System.Net;
using Shared.Contracts.Http;

namespace Shared.Contracts.Tests.Http;

/// <summary>The 29 features as their contract words them, from the whole history of all requests: slow, and without any bound.</summary>
internal sealed class ReferenceExtractor
{
    private readonly List<(string Client, DateTimeOffset At, string Fingerprint)> _requests = [];
    private readonly List<(string Client, DateTimeOffset At)> _failedLogins = [];

    public float[] Extract(HttpRequestFacts request)
    {
        (byte[] octets, string client) = Read(request.Client);
        string fingerprint = string.Join('\n', new[] { "User-Agent", "Accept", "Accept-Language", "Accept-Encoding" }.Select(request.Header));
        _requests.Add((client, request.At, fingerprint));
        long[] own = [.. _requests.Where(r => r.Client == client).Select(r => r.At.UtcTicks)];
        double[] intervals = [.. own.Zip(own.Skip(1), (before, after) => (after - before) / (double)TimeSpan.TicksPerSecond)];
        string decoded = Decode(request.Target);
        int forwarding = new[] { "X-Forwarded-For", "X-Real-IP", "Via", "Forwarded" }.Count(name => request.Header(name) is not null);
        return
        [
            .. octets.Select(octet => (float)octet),
            _requests.Count(r => r.Client == client && IsWithin(r.At, request.At, 300)),
            _failedLogins.Count(r => r.Client == client && IsWithin(r.At, request.At, 1800)),
            request.Target.Length, request.Header("User-Agent")?.Length ?? 0,
            decoded.Count(char.IsDigit), decoded.Count(c => c != ' ' && !char.IsLetterOrDigit(c) && !char.IsDigit(c) && !char.IsLetter(c)),
            decoded.Count(char.IsUpper), decoded.Count(char.IsLower), decoded.Count(c => c == ' '),
            request.Target.Count(c => c == '&') + (request.Target.Contains('?') ? 1 : 0),
            Array.IndexOf(["GET", "POST", "PUT", "DELETE", "HEAD"], request.Method.ToUpperInvariant()) + 1,
            request.At.UtcDateTime.Hour, ((int)request.At.UtcDateTime.DayOfWeek + 6) % 7,
            (float)((own[^1] - own[0]) / (double)TimeSpan.TicksPerSecond), (float)intervals.LastOrDefault(), (float)Variance(intervals),
            request.Headers.Count, forwarding, request.Header("User-Agent") is null ? 1 : 0,
            request.Headers.Count(h => new[] { "script", "eval", "exec", "cmd" }.Any(w => h.Value.Contains(w, StringComparison.OrdinalIgnoreCase))),
            request.Headers.Count(h => h.Value.Contains(@"\n", StringComparison.Ordinal)),
            forwarding > 0 ? 1 : 0, 0, 0,
            Math.Min(1000, _requests.Where(r => r.Fingerprint == fingerprint).Select(r => r.Client).Distinct().Count()),
        ];
    }

    public void RecordFailedLogin(IPAddress client, DateTimeOffset at) => _failedLogins.Add((Read(client).Key, at));

    private static bool IsWithin(DateTimeOffset at, DateTimeOffset now, int seconds) =>
        at.ToUnixTimeSeconds() > now.ToUnixTimeSeconds() - seconds;

    private static string Decode(string target)
    {
        int query = target.IndexOf('?');
        return query < 0
            ? Uri.UnescapeDataString(target)
            : Uri.UnescapeDataString(target[..query]) + Uri.UnescapeDataString(target[query..].Replace('+', ' '));
    }

    // Welford's recurrence is part of the contract: another order of additions has other last bits.
    private static double Variance(double[] intervals)
    {
        (double mean, double squares) = (0, 0);
        for (int i = 0; i < intervals.Length; i++)
        {
            double deviation = intervals[i] - mean;
            mean += deviation / (i + 1);
            squares += deviation * (intervals[i] - mean);
        }

        return intervals.Length == 0 ? 0 : squares / intervals.Length;
    }

    private static (byte[] Octets, string Key) Read(IPAddress address)
    {
        byte[] bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        return bytes.Length == 4
            ? (bytes, string.Join('.', bytes))
            : ([.. Enumerable.Range(0, 4).Select(i => (byte)(bytes[i] ^ bytes[i + 4]))], Convert.ToHexString(bytes[..8]));
    }
}

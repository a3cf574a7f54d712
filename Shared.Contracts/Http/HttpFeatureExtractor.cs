using System.Net;

namespace Shared.Contracts.Http;

/// <summary>Computes the 29 features of requests, for training and for nodes alike. It keeps a bounded history of clients; the same
/// requests in the same order give the same bits. Thread-safe.</summary>
/// <param name="clientCapacity">Maximum number of clients and of fingerprints; the least recently used are evicted.</param>
public sealed class HttpFeatureExtractor(int clientCapacity = 65_536)
{
    /// <summary>Maximum of feature 29, so that a botnet behind one fingerprint needs bounded memory.</summary>
    public const int FingerprintAddressLimit = 1_000;

    private static readonly string[] ForwardingHeaders = ["X-Forwarded-For", "X-Real-IP", "Via", "Forwarded"];
    private static readonly string[] ScriptWords = ["script", "eval", "exec", "cmd"];

    private readonly Lock _gate = new();
    private readonly LruCache<UInt128, ClientHistory> _clients = new(clientCapacity);
    private readonly LruCache<string, HashSet<UInt128>> _fingerprints = new(clientCapacity);

    /// <summary>Adds a request to the history and writes its features.</summary>
    /// <param name="request">Requests of one client are expected in the order of their time.</param>
    /// <param name="features">At least <see cref="HttpFeatureSchema.Count"/> values, in the order of its names.</param>
    public void Extract(HttpRequestFacts request, Span<float> features)
    {
        Span<byte> octets = stackalloc byte[4];
        UInt128 client = ClientAddress.Read(request.Client, octets);
        RequestTargetCounts target = RequestTargetCounts.Read(request.Target);
        string? userAgent = request.Header("User-Agent");
        int forwarding = ForwardingHeaders.Count(h => request.Header(h) is not null);

        for (int i = 0; i < 4; i++)
        {
            features[i] = octets[i];
        }

        features[6] = request.Target.Length;
        features[7] = userAgent?.Length ?? 0;
        features[8] = target.Digits;
        features[9] = target.Specials;
        features[10] = target.Uppers;
        features[11] = target.Lowers;
        features[12] = target.Spaces;
        features[13] = target.Parameters;
        features[14] = MethodCode(request.Method);
        features[15] = request.At.UtcDateTime.Hour;
        features[16] = ((int)request.At.UtcDateTime.DayOfWeek + 6) % 7;
        features[20] = request.Headers.Count;
        features[21] = forwarding;
        features[22] = userAgent is null ? 1 : 0;
        features[23] = request.Headers.Count(h => ContainsAny(h.Value, ScriptWords));
        features[24] = request.Headers.Count(h => h.Value.Contains("\\n", StringComparison.Ordinal));   // also the tail of \r\n
        features[25] = forwarding > 0 ? 1 : 0;
        features[26] = 0;
        features[27] = 0;

        lock (_gate)
        {
            ClientHistory history = _clients.GetOrAdd(client, static () => new());
            history.Observe(request.At);
            features[4] = history.RequestsAt(request.At);
            features[5] = history.FailedLoginsAt(request.At);
            features[17] = (float)history.SecondsSinceFirst;
            features[18] = (float)history.SecondsSinceLast;
            features[19] = (float)history.IntervalVariance;

            HashSet<UInt128> addresses = _fingerprints.GetOrAdd(Fingerprint(request, userAgent), static () => []);
            if (addresses.Count < FingerprintAddressLimit)
            {
                addresses.Add(client);
            }

            features[28] = addresses.Count;
        }
    }

    /// <summary>Records a failed login, after its response is known: it counts for later requests of the client.</summary>
    public void RecordFailedLogin(IPAddress client, DateTimeOffset at)
    {
        Span<byte> octets = stackalloc byte[4];
        UInt128 key = ClientAddress.Read(client, octets);
        lock (_gate)
        {
            _clients.GetOrAdd(key, static () => new()).ObserveFailedLogin(at);
        }
    }

    private static float MethodCode(string method) => method.ToUpperInvariant() switch
    {
        "GET" => 1,
        "POST" => 2,
        "PUT" => 3,
        "DELETE" => 4,
        "HEAD" => 5,
        _ => 0,
    };

    /// <summary>The headers that a program sends from every address alike.</summary>
    private static string Fingerprint(HttpRequestFacts request, string? userAgent) => string.Join('\n',
        userAgent, request.Header("Accept"), request.Header("Accept-Language"), request.Header("Accept-Encoding"));

    private static bool ContainsAny(string value, string[] words) =>
        words.Any(w => value.Contains(w, StringComparison.OrdinalIgnoreCase));
}

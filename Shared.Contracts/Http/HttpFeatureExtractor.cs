using System.Net;

namespace Shared.Contracts.Http;

/// <summary>Computes the 29 features of requests, for training and for nodes alike. It keeps a bounded history of clients; the same
/// requests in the same order give the same bits. Thread-safe; a call allocates nothing once its memory is in use.</summary>
/// <param name="clientCapacity">Maximum number of clients and of fingerprints, at least 1; the least recently used are forgotten. Each takes 100
/// bytes,
/// and more where it sends requests in many seconds: at most 1.3 KB on average.</param>
public sealed class HttpFeatureExtractor(int clientCapacity = 65_536)
{
    /// <summary>Maximum of feature 29, so that a botnet behind one fingerprint needs bounded memory.</summary>
    public const int FingerprintAddressLimit = 1_000;

    private readonly Lock _gate = new();
    private readonly KeyHash _hash = new();
    private readonly ClientHistories _clients = new(clientCapacity, new());
    private readonly FingerprintAddresses _fingerprints = new(clientCapacity, FingerprintAddressLimit, new());

    /// <summary>Adds a request to the history and writes its features.</summary>
    /// <param name="request">Requests of one client are expected in the order of their time.</param>
    /// <param name="features">At least <see cref="HttpFeatureSchema.Count"/> values, in the order of its names.</param>
    public void Extract(HttpRequestFacts request, Span<float> features)
    {
        HeaderFeatures headers = new();
        foreach ((string name, string value) in request.Headers)
        {
            headers.Add(name, value);
        }

        Extract(request.At, request.Client, request.Method, request.Target, headers, features);
    }

    /// <summary>The same from the parts of a request, without a record of it.</summary>
    /// <param name="at">When the request arrived.</param>
    /// <param name="client">The address that sent it.</param>
    /// <param name="method">The HTTP method, in any case.</param>
    /// <param name="target">Path with query, as received, before any decoding.</param>
    /// <param name="headers">Its header lines.</param>
    /// <param name="features">At least <see cref="HttpFeatureSchema.Count"/> values, in the order of its names.</param>
    public void Extract(
        DateTimeOffset at, IPAddress client, ReadOnlySpan<char> method, ReadOnlySpan<char> target, in HeaderFeatures headers, Span<float> features)
    {
        Span<byte> octets = stackalloc byte[4];
        ulong key = ClientAddress.Read(client, octets);
        RequestTargetCounts counts = RequestTargetCounts.Read(target);
        DateTime utc = at.UtcDateTime;
        for (int i = 0; i < 4; i++)
        {
            features[i] = octets[i];
        }

        features[6] = target.Length;
        features[7] = headers.UserAgent.Length;
        features[8] = counts.Digits;
        features[9] = counts.Specials;
        features[10] = counts.Uppers;
        features[11] = counts.Lowers;
        features[12] = counts.Spaces;
        features[13] = counts.Parameters;
        features[14] = MethodCode(method);
        features[15] = utc.Hour;
        features[16] = ((int)utc.DayOfWeek + 6) % 7;
        features[20] = headers.Lines;
        features[21] = headers.ForwardingHeaders;
        features[22] = headers.HasUserAgent ? 0 : 1;
        features[23] = headers.ScriptLines;
        features[24] = headers.NewlineLines;
        features[25] = headers.ForwardingHeaders > 0 ? 1 : 0;
        features[26] = 0;
        features[27] = 0;

        ulong fingerprint = Fingerprint(headers);
        lock (_gate)
        {
            (Rhythm rhythm, long requests, long failedLogins) = _clients.Observe(key, utc.Ticks);
            features[4] = requests;
            features[5] = failedLogins;
            features[17] = (float)rhythm.SinceFirst;
            features[18] = (float)rhythm.SinceLast;
            features[19] = (float)rhythm.Variance;
            features[28] = _fingerprints.Add(fingerprint, key);
        }
    }

    /// <summary>Records a failed login, after its response is known: it counts for later requests of the client.</summary>
    public void RecordFailedLogin(IPAddress client, DateTimeOffset at)
    {
        Span<byte> octets = stackalloc byte[4];
        ulong key = ClientAddress.Read(client, octets);
        lock (_gate)
        {
            _clients.AddFailedLogin(key, at.UtcTicks);
        }
    }

    private static float MethodCode(ReadOnlySpan<char> method) =>
        method.Equals("GET", StringComparison.OrdinalIgnoreCase) ? 1
        : method.Equals("POST", StringComparison.OrdinalIgnoreCase) ? 2
        : method.Equals("PUT", StringComparison.OrdinalIgnoreCase) ? 3
        : method.Equals("DELETE", StringComparison.OrdinalIgnoreCase) ? 4
        : method.Equals("HEAD", StringComparison.OrdinalIgnoreCase) ? 5
        : 0;

    /// <summary>The hash of the headers that a program sends from every address alike.</summary>
    private ulong Fingerprint(in HeaderFeatures headers)
    {
        ulong fingerprint = _hash.Add(0, headers.UserAgent);
        fingerprint = _hash.Add(fingerprint, headers.Accept);
        fingerprint = _hash.Add(fingerprint, headers.AcceptLanguage);
        return _hash.Add(fingerprint, headers.AcceptEncoding);
    }
}

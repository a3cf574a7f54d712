using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text.Json;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Reports;

namespace Benchmarks.Fleet.CheckIns;

/// <summary>A node as far as check-ins go: an id, a key, and in each report one usage window of its own, signed when it is sent.</summary>
internal sealed class ReportingNode(string id, ModelVersion version, int release) : IDisposable
{
    private const int Calls = 900;
    private static readonly long[] Latencies = [40, 180, 310, 220, 90, 40, 12, 5, 2, 1];
    private static readonly long[] Labels = [820, 55, 25];
    private static readonly long[] Scores = [3, 8, 14, 30, 55, 90, 200, 500];
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _path = Routes.CheckInsOf(id);
    private readonly string _sha256 = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
    private long _sequence = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Reports that the relay has acknowledged.</summary>
    public int Acknowledged { get; private set; }

    public async Task EnrollAsync(HttpClient client, string token, CancellationToken cancellationToken)
    {
        NodeEnrollment enrollment = new(id, Convert.ToBase64String(_key.ExportSubjectPublicKeyInfo()), token);
        await SendAsync(
            client, Routes.Enroll, JsonSerializer.SerializeToUtf8Bytes(enrollment, RelayApiJson.Default.NodeEnrollment), cancellationToken);
    }

    /// <exception cref="InvalidOperationException">The relay did not take the report.</exception>
    public async Task ReportAsync(HttpClient client, CancellationToken cancellationToken)
    {
        await SendAsync(client, _path, JsonSerializer.SerializeToUtf8Bytes(CreateReport(), RelayApiJson.Default.CheckIn), cancellationToken);
        Acknowledged++;
    }

    public void Dispose() => _key.Dispose();

    private CheckIn CreateReport()
    {
        long sequence = ++_sequence;
        return new CheckIn
        {
            Node = id,
            Channel = "stable",
            Release = release,
            Stale = false,
            At = TimeProvider.System.GetUtcNow(),
            Models =
            [
                new ActiveModel(version.Name, version.Version, _sha256, "managed", Acknowledged * (long)Calls, 0)
                {
                    SchemaHash = _sha256,
                    SchemaSource = "model-card",
                },
            ],
            Refusals = [],
            Quarantine = [],
            Sequence = sequence,
            Windows =
            [
                new UsageWindow
                {
                    Id = sequence,
                    Seconds = 300,
                    Versions =
                    [
                        new VersionUsage
                        {
                            Release = release,
                            Model = version.Name,
                            Version = version.Version,
                            Calls = Calls,
                            Rows = Calls,
                            Failures = 1,
                            Latency = new BinCounts(9, Latencies),
                            Labels = new BinCounts(0, Labels),
                            Scores = new BinCounts(12, Scores),
                        },
                    ],
                },
            ],
        };
    }

    private async Task SendAsync(HttpClient client, string path, byte[] body, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json) } };
        await RequestSigner.SignAsync(request, id, _key, TimeProvider.System.GetUtcNow());
        using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path}: {response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }
    }
}

using System.Net;
using System.Net.Http.Json;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Reports;

namespace Relay.Server.Tests.Rollouts;

/// <summary>Nodes that run what a channel's document tells them, and sign their check-ins over HTTPS.</summary>
/// <param name="known">The version of release 1.</param>
/// <param name="next">The version of all later releases.</param>
internal sealed class SignedFleet(ModelVersion known, ModelVersion next, TimeProvider clock) : IDisposable
{
    public SigningNode[] Nodes { get; } = [.. Enumerable.Range(0, 60).Select(i => new SigningNode($"node-{i}"))];

    public FleetReports Reports { get; } = new(clock);

    /// <summary>Margins that 30 nodes can pass.</summary>
    public static RolloutRuleView Rule => new()
    {
        Stages = [new(50, 0, 600), new(100, 0, 600)],
        RoundSeconds = 600,
        MinNodes = 10,
        Tolerated = 0,
        Metrics = [Failures],
    };

    public static RolloutMetricView Failures =>
        new() { Name = "failures", Kind = "Failures", Cap = 0.1, Harm = 0.01, PassMargin = 0.05, MinWhole = 20 };

    public async Task EnrollAsync(HttpClient client, string token)
    {
        foreach (SigningNode node in Nodes)
        {
            Assert.Equal(HttpStatusCode.Created, await SendAsync(
                client, node, Routes.Enroll,
                JsonContent.Create(new NodeEnrollment(node.Id, node.PublicKey, token), RelayApiJson.Default.NodeEnrollment)));
        }
    }

    /// <param name="failures">Failed calls of 100 on a node that runs the candidate.</param>
    /// <param name="shape">What else the calls of the candidate were.</param>
    public async Task ReportAllAsync(
        HttpClient client, ChannelManifest document, int failures, Func<VersionUsage, VersionUsage>? shape = null)
    {
        foreach (SigningNode node in Nodes)
        {
            Assert.Equal(HttpStatusCode.NoContent, await ReportAsync(client, node, Create(node, document, failures, shape)));
        }
    }

    /// <summary>What a node says that runs what the document tells it.</summary>
    public CheckIn Create(SigningNode node, ChannelManifest document, int failures, Func<VersionUsage, VersionUsage>? shape = null)
    {
        int release = document.ReleaseFor(node.Id);
        ModelVersion version = release == 1 ? known : next;
        return document.Candidate?.Release == release
            ? Reports.Create(node.Id, release, version, failures, shape)
            : Reports.Create(node.Id, release, version, failures: 0);
    }

    public Task<HttpStatusCode> ReportAsync(HttpClient client, SigningNode node, CheckIn report) =>
        SendAsync(client, node, Routes.CheckInsOf(node.Id), JsonContent.Create(report, RelayApiJson.Default.CheckIn));

    public void Dispose() => Array.ForEach(Nodes, node => node.Dispose());

    private async Task<HttpStatusCode> SendAsync(HttpClient client, SigningNode node, string path, HttpContent content)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = content };
        await RequestSigner.SignAsync(request, node.Id, node.Key, clock.GetUtcNow());
        using HttpResponseMessage answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}

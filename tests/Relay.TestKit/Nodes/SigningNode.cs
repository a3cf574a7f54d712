using System.Net.Http.Json;
using System.Security.Cryptography;
using Shared.Contracts.Api;

namespace Relay.TestKit.Nodes;

/// <summary>A node as far as a relay sees it: an id, a key and signed requests. Not the node library.</summary>
public sealed class SigningNode(string id, TimeProvider? timeProvider = null) : IDisposable
{
    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;

    public string Id => id;

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string PublicKey => Convert.ToBase64String(Key.ExportSubjectPublicKeyInfo());

    /// <summary>A node that the relay knows, and a client that signs as it.</summary>
    public static async Task<(SigningNode Node, HttpClient Client)> EnrollAsync(TestRelay relay, string id, TimeProvider? timeProvider = null)
    {
        SigningNode node = new(id, timeProvider);
        HttpClient client = node.CreateClient(relay);
        using HttpResponseMessage enrolled = await node.EnrollAsync(client, await relay.CreateEnrollmentTokenAsync());
        enrolled.EnsureSuccessStatusCode();
        return (node, client);
    }

    /// <summary>A client that signs all it sends.</summary>
    public HttpClient CreateClient(TestRelay relay) => relay.CreateClient(inner => new RequestSigner(id, Key, _timeProvider, inner));

    /// <param name="client">Signs as this node.</param>
    public Task<HttpResponseMessage> EnrollAsync(HttpClient client, string token) => client.PostAsJsonAsync(
        Routes.Enroll, new NodeEnrollment(id, PublicKey, token), RelayApiJson.Default.NodeEnrollment);

    public void Dispose() => Key.Dispose();
}

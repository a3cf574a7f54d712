using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Fleet.Enrollment;

// Names, keys and signatures that are refused.
public sealed partial class EnrollmentTests
{
    [Fact]
    [Trait("Attack", "node-id-taken")]
    public async Task Enroll_IdOfAnotherNode_IsRefusedWithAndWithoutAToken()
    {
        using SigningNode taker = new(closed.Node.Id);
        using HttpClient client = taker.CreateClient(closed.Relay);
        string token = await closed.Relay.CreateEnrollmentTokenAsync(uses: 1);
        using HttpResponseMessage withToken = await taker.EnrollAsync(client, token);
        using HttpResponseMessage without = await taker.EnrollAsync(client, "guess");
        using HttpResponseMessage owner = await closed.Client.GetAsync(Routes.LegacyList, Cancel);

        Assert.Equal("node-exists", await withToken.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal("enrollment-token", await without.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal(HttpStatusCode.OK, owner.StatusCode);
        Assert.Equal(0, (await TokensAsync())[^1].Used);
    }

    [Fact]
    [Trait("Attack", "two-ids-one-key")]
    public async Task Enroll_KeyOfAnotherNode_IsRefused()
    {
        string token = await closed.Relay.CreateEnrollmentTokenAsync();
        string copy = $"copy-{Interlocked.Increment(ref _nodes)}";
        using HttpClient client = closed.Relay.CreateClient(
            inner => new RequestSigner(copy, closed.Node.Key, TimeProvider.System, inner));
        using HttpResponseMessage answer = await client.PostAsJsonAsync(
            Routes.Enroll, new NodeEnrollment(copy, closed.Node.PublicKey, token), RelayApiJson.Default.NodeEnrollment, Cancel);

        Assert.Equal("key-exists", await answer.ProblemTypeAsync(HttpStatusCode.Conflict));
    }

    [Fact]
    [Trait("Attack", "key-of-another-node")]
    public async Task Enroll_WithoutProofThatTheKeyIsHeld_IsRefused()
    {
        string token = await closed.Relay.CreateEnrollmentTokenAsync();
        using SigningNode node = NewNode();
        using SigningNode victim = NewNode();
        NodeEnrollment foreign = new(node.Id, victim.PublicKey, token);
        using HttpClient client = node.CreateClient(closed.Relay);
        using HttpResponseMessage unsigned = await closed.Relay.Anonymous.PostAsJsonAsync(
            Routes.Enroll, foreign, RelayApiJson.Default.NodeEnrollment, Cancel);
        using HttpResponseMessage byAnother = await client.PostAsJsonAsync(Routes.Enroll, foreign, RelayApiJson.Default.NodeEnrollment, Cancel);
        using HttpResponseMessage forAnother = await client.PostAsJsonAsync(
            Routes.Enroll, new NodeEnrollment("another", node.PublicKey, token), RelayApiJson.Default.NodeEnrollment, Cancel);

        foreach (HttpResponseMessage answer in (HttpResponseMessage[])[unsigned, byAnother, forAnother])
        {
            Assert.Equal("signature", await answer.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        }
    }

    [Fact]
    [Trait("Attack", "old-signature")]
    public async Task Enroll_SignedLongAgo_IsRefused()
    {
        using SigningNode node = NewNode();
        using HttpRequestMessage request = new(HttpMethod.Post, Routes.Enroll)
        {
            Content = JsonContent.Create(
                new NodeEnrollment(node.Id, node.PublicKey, await closed.Relay.CreateEnrollmentTokenAsync()), RelayApiJson.Default.NodeEnrollment),
        };
        await RequestSigner.SignAsync(request, node.Id, node.Key, TimeProvider.System.GetUtcNow().AddMinutes(-6));
        using HttpResponseMessage answer = await closed.Relay.Anonymous.SendAsync(request, Cancel);

        Assert.Equal("signature-time", await answer.ProblemTypeAsync(HttpStatusCode.Unauthorized));
    }

    [Fact]
    [Trait("Attack", "weak-key")]
    public async Task Enroll_KeyThatIsNotOneOnP256_IsRefused()
    {
        using ECDsa large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using ECDsa koblitz = ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10"));
        using RSA rsa = RSA.Create(2048);
        using SigningNode node = NewNode();
        byte[] good = node.Key.ExportSubjectPublicKeyInfo();
        byte[] offCurve = [.. good[..^1], (byte)(good[^1] ^ 1)];
        using HttpClient client = node.CreateClient(closed.Relay);
        string token = await closed.Relay.CreateEnrollmentTokenAsync();
        string[] keys =
        [
            "", "x", Convert.ToBase64String(large.ExportSubjectPublicKeyInfo()), Convert.ToBase64String(koblitz.ExportSubjectPublicKeyInfo()),
            Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()), Convert.ToBase64String(offCurve), Convert.ToBase64String([.. good, 0]),
            Convert.ToBase64String(node.Key.ExportPkcs8PrivateKey()),
        ];
        foreach (string key in keys)
        {
            using HttpResponseMessage answer = await client.PostAsJsonAsync(
                Routes.Enroll, new NodeEnrollment(node.Id, key, token), RelayApiJson.Default.NodeEnrollment, Cancel);
            Assert.Equal("node-key", await answer.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("../x")]
    public async Task Enroll_NameThatIsNone_IsInvalid(string name)
    {
        using SigningNode node = NewNode();
        using HttpClient client = node.CreateClient(closed.Relay);
        using HttpResponseMessage answer = await client.PostAsJsonAsync(
            Routes.Enroll, new NodeEnrollment(name, node.PublicKey, "t"), RelayApiJson.Default.NodeEnrollment, Cancel);

        Assert.Equal("invalid-enrollment", await answer.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    [Trait("Attack", "made-up-nodes")]
    public async Task Enroll_MoreNodesThanTheRelayKeeps_IsRefused()
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { MaximumNodes = 1 });
        (SigningNode first, HttpClient client) = await SigningNode.EnrollAsync(relay, "first");
        using SigningNode second = new("second");
        using HttpClient itsClient = second.CreateClient(relay);
        using HttpResponseMessage answer = await second.EnrollAsync(itsClient, await relay.CreateEnrollmentTokenAsync());
        first.Dispose();
        client.Dispose();

        Assert.Equal("fleet-full", await answer.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable));
    }
}

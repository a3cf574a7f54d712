using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Relay.TestKit.Identity;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http.Tokens;

/// <summary>Tokens that no trusted issuer signed.</summary>
public sealed class TokenAttackTests(TokenRelay fixture) : IClassFixture<TokenRelay>
{
    private TestIssuer Issuer => fixture.Issuer;

    [Fact]
    public async Task GoodToken_IsAnswered()
    {
        Assert.Equal(HttpStatusCode.OK, (await fixture.AskAsync(Issuer.Sign(fixture.Admin))).Status);

        // As Kubernetes signs those of its service accounts: without a type.
        Assert.Equal(HttpStatusCode.OK, (await fixture.AskAsync(Issuer.Sign(fixture.Admin, type: null))).Status);
    }

    [Fact]
    [Trait("Attack", "token-issuer")]
    public async Task OtherIssuer_IsRefusedWithoutAskingIt()
    {
        await using TestIssuer other = await TestIssuer.StartAsync();

        await fixture.AssertRefusedAsync(other.CreateToken(("role", "admin")), "issuer");
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("iss", other.Address)), "issuer");
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("iss", Issuer.Address + "/")), "issuer");
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("iss", null)), "issuer");

        Assert.Equal(0, other.Requests);
    }

    [Fact]
    [Trait("Attack", "token-signature")]
    public async Task OtherKeyWithTheSameId_IsRefused()
    {
        using IssuerKey other = IssuerKey.CreateRsa(Issuer.Keys[0].Id);

        await fixture.AssertRefusedAsync(Issuer.Sign(fixture.Admin, other), "signature");
    }

    [Fact]
    [Trait("Attack", "token-signature")]
    public async Task ChangedClaims_AreRefused()
    {
        string[] parts = fixture.CreateToken("node").Split('.');
        string[] admin = Issuer.Sign(fixture.Admin).Split('.');

        await fixture.AssertRefusedAsync($"{parts[0]}.{admin[1]}.{parts[2]}", "signature");
        await fixture.AssertRefusedAsync($"{parts[0]}.{parts[1]}.", "signature");
    }

    [Theory]
    [Trait("Attack", "token-algorithm")]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    public async Task NoSignature_IsRefused(string algorithm)
    {
        JsonObject header = new() { ["alg"] = algorithm, ["typ"] = "JWT" };

        await fixture.AssertRefusedAsync(TestIssuer.Join(header, fixture.Admin, _ => []), "signature");
        header["kid"] = Issuer.Keys[0].Id;
        await fixture.AssertRefusedAsync(TestIssuer.Join(header, fixture.Admin, _ => []), "signature");
    }

    [Fact]
    [Trait("Attack", "token-algorithm")]
    public async Task PublicKeyAsSharedSecret_IsRefused()
    {
        RSA key = (RSA)Issuer.Keys[0].Key;
        JsonObject header = new() { ["alg"] = "HS256", ["kid"] = Issuer.Keys[0].Id, ["typ"] = "JWT" };
        byte[][] secrets =
        [
            key.ExportSubjectPublicKeyInfo(), key.ExportRSAPublicKey(), Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()),
            Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem() + "\n"), Encoding.ASCII.GetBytes(Issuer.Keys[0].ToJwk().ToJsonString()),
        ];
        foreach (byte[] secret in secrets)
        {
            await fixture.AssertRefusedAsync(TestIssuer.Join(header, fixture.Admin, data => HMACSHA256.HashData(secret, data)), "signature");
        }
    }

    [Fact]
    [Trait("Attack", "token-signature")]
    public async Task KeyInTheHeader_IsRefused()
    {
        using IssuerKey own = IssuerKey.CreateEc("own");
        JsonObject header = new() { ["alg"] = "ES256", ["typ"] = "JWT", ["jwk"] = own.ToJwk(), ["jku"] = "https://localhost:1/keys" };

        await fixture.AssertRefusedAsync(TestIssuer.Join(header, fixture.Admin, own.Sign), "signature");
    }

    [Fact]
    [Trait("Attack", "token-malformed")]
    public async Task NoToken_IsRefused()
    {
        string good = Issuer.Sign(fixture.Admin);
        string[] texts =
        [
            ".", "..", "...", "a.b", "a.b.c", good + ".", good + ".a.b", "." + good, good.Replace('.', ' '), good[..^4], "e30.e30.", "e30.e30.e30",
            $"{good.Split('.')[0]}.{new string('A', 100)}.x",
        ];
        foreach (string text in texts)
        {
            (HttpStatusCode status, _) = await fixture.AskAsync(text);
            Assert.Equal((text, HttpStatusCode.Unauthorized), (text, status));
        }
    }

    [Theory]
    [Trait("Attack", "token-malformed")]
    [InlineData("iss", true)]
    [InlineData("aud", true)]
    [InlineData("sub", false)]
    [InlineData("exp", true)]
    [InlineData("nbf", false)]
    [InlineData("iat", false)]
    public async Task ClaimOfAnotherKind_IsNoErrorOfTheRelay(string name, bool isNeeded)
    {
        foreach (string value in (string[])["null", "-1", "1e300", "1e400", "99999999999999999999", "{}", "[null]", "\"\\u0000\""])
        {
            JsonObject claims = fixture.Admin;
            claims[name] = JsonNode.Parse(value);
            (HttpStatusCode status, _) = await fixture.AskAsync(Issuer.Sign(claims));
            Assert.True(status is HttpStatusCode.Unauthorized || (!isNeeded && status is HttpStatusCode.OK), $"{value}: {status}");
        }
    }

    [Theory]
    [Trait("Attack", "token-malformed")]
    [InlineData("alg")]
    [InlineData("kid")]
    [InlineData("typ")]
    public async Task HeaderOfAnotherKind_IsNoErrorOfTheRelay(string name)
    {
        foreach (string value in (string[])["null", "-1", "1e400", "{}", "[null]", "\"\""])
        {
            JsonObject header = new() { ["alg"] = "RS256", ["kid"] = Issuer.Keys[0].Id, ["typ"] = "JWT" };
            header[name] = JsonNode.Parse(value);
            (HttpStatusCode status, _) = await fixture.AskAsync(TestIssuer.Join(header, fixture.Admin, Issuer.Keys[0].Sign));
            Assert.True(status is HttpStatusCode.Unauthorized or HttpStatusCode.OK, $"{value}: {status}");
        }
    }

    [Fact]
    [Trait("Attack", "token-malformed")]
    public async Task LongToken_IsRefused()
    {
        string text = Issuer.CreateToken(("role", "admin"), ("padding", new string('p', 16 * 1024)));

        await fixture.AssertRefusedAsync(text, "16384");
    }

    [Fact]
    [Trait("Attack", "token-made-up-keys")]
    public async Task MadeUpKeyIds_CostTheIssuerNoRequestEach()
    {
        await fixture.AskAsync(Issuer.Sign(fixture.Admin));
        int before = Issuer.Requests;
        for (int i = 0; i < 20; i++)
        {
            using IssuerKey own = IssuerKey.CreateEc($"made-up-{i}");
            await fixture.AssertRefusedAsync(Issuer.Sign(fixture.Admin, own), "signature");
        }

        // One reading of discovery document and key set, and one more for each ten seconds that this test takes.
        Assert.InRange(Issuer.Requests - before, 0, 20);
    }

    [Fact]
    [Trait("Attack", "token-issuer")]
    public async Task RelayWithoutIdentityFile_TakesNoToken()
    {
        await using TestKit.TestRelay relay = await TestKit.TestRelay.StartAsync();
        using HttpClient client = relay.CreateClient(Issuer.Sign(fixture.Admin));

        using HttpResponseMessage response = await client.GetAsync(Routes.ApiKeys);

        Assert.Equal("unauthorized", await response.ProblemTypeAsync(HttpStatusCode.Unauthorized));
    }
}

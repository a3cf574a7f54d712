using System.Net;
using System.Text.Json.Nodes;
using Relay.TestKit.Identity;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http.Tokens;

/// <summary>Tokens that a trusted issuer signed, each but for one thing like a good one.</summary>
public sealed class TokenContentTests(TokenRelay fixture) : IClassFixture<TokenRelay>
{
    private TestIssuer Issuer => fixture.Issuer;

    [Fact]
    [Trait("Attack", "token-audience")]
    public async Task OtherAudience_IsRefused()
    {
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("aud", "https://other.example.com")), "audience");
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("aud", TestIssuer.Audience + "/")), "audience");
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("aud", null)), "audience");
    }

    [Fact]
    [Trait("Attack", "token-lifetime")]
    public async Task OtherTime_IsRefused()
    {
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("nbf", At(-900)), ("exp", At(-90))), "expired");
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("nbf", At(90))), "not yet valid");
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("exp", null)), "expiry");
    }

    [Fact]
    [Trait("Attack", "token-lifetime")]
    public async Task LongLife_IsRefused()
    {
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("exp", At(3720))), "60 minutes");
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("exp", At(600)), ("iat", At(-3600))), "60 minutes");
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("exp", At(3720)), ("iat", At(3600))), "60 minutes");
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("exp", At(3720)), ("iat", null)), "60 minutes");
    }

    [Fact]
    [Trait("Attack", "token-without-grant")]
    public async Task ClaimsOfNoGrant_AreForbiddenAlsoWhereAnyRoleReads()
    {
        JsonNode?[] others = [null, "", "Admin", "admin ", "owner", true, new JsonObject { ["admin"] = true }, new JsonArray(new JsonArray("admin"))];
        foreach (JsonNode? role in others)
        {
            string token = Issuer.CreateToken(("role", role));
            using HttpClient client = fixture.Relay.CreateClient(token);
            foreach (string path in (string[])[Routes.ApiKeys, Routes.Models, Routes.LegacyList, "/v1/repository/metadata/timestamp.json"])
            {
                using HttpResponseMessage response = await client.GetAsync(path);
                Assert.Equal("token-without-grant", await response.ProblemTypeAsync(HttpStatusCode.Forbidden));
            }
        }
    }

    [Fact]
    [Trait("Attack", "token-without-grant")]
    public async Task Subject_IsNeeded()
    {
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("sub", null)), "'sub'");
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("sub", "")), "'sub'");
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("sub", "a\nkey:forged")), "'sub'");
        await fixture.AssertRefusedAsync(Issuer.CreateToken(("role", "admin"), ("sub", new string('s', 256))), "'sub'");
    }

    [Fact]
    [Trait("Attack", "token-type")]
    public async Task OtherType_IsRefused()
    {
        await fixture.AssertRefusedAsync(Issuer.Sign(fixture.Admin, type: "logout+jwt"), "type");
        await fixture.AssertRefusedAsync(Issuer.Sign(fixture.Admin, type: "secevent+jwt"), "type");
    }

    private static long At(int seconds) => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds;
}

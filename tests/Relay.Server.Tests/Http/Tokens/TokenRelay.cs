using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.TestKit;
using Relay.TestKit.Identity;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http.Tokens;

/// <summary>A relay as it is served without an option but <c>--identity</c>, with an issuer whose claim <c>role</c> gives that role.</summary>
public sealed class TokenRelay : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public TestRelay Relay { get; private set; } = null!;

    public TestIssuer Issuer { get; private set; } = null!;

    /// <summary>The claims of a good token of role admin.</summary>
    public JsonObject Admin
    {
        get
        {
            JsonObject claims = Issuer.Claims();
            claims["role"] = "admin";
            return claims;
        }
    }

    public async ValueTask InitializeAsync()
    {
        Issuer = await TestIssuer.StartAsync();
        string file = Issuer.WriteFile(_folder.FullPath, Grants, """, "person": { "claim": "person" }, "maximumLifetimeMinutes": 60""");
        Relay = await TestRelay.StartAsync(options => options with { OpenArtifacts = false, OpenCheckIns = false, IdentityFile = file });
    }

    public string CreateToken(string role, string? person = null) => Issuer.CreateToken(("role", role), ("person", person));

    public async Task AssertRefusedAsync(string token, string word)
    {
        (HttpStatusCode status, string detail) = await AskAsync(token);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains(word, detail, StringComparison.Ordinal);
    }

    public async Task<(HttpStatusCode Status, string Detail)> AskAsync(string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Routes.ApiKeys);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        using HttpResponseMessage response = await Relay.Anonymous.SendAsync(request);
        string body = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, response.IsSuccessStatusCode ? "" : JsonDocument.Parse(body).RootElement.GetProperty("detail").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        await Relay.DisposeAsync();
        await Issuer.DisposeAsync();
        _folder.Dispose();
    }

    private static string Grants =>
        $"[{string.Join(", ", Server.Http.Access.AccessPolicies.RoleNames.Select(role => $$"""{ "role": "{{role}}", "claims": { "role": "{{role}}" } }"""))}]";
}

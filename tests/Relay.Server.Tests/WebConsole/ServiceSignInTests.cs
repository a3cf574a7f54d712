using System.Net;
using System.Text.Json.Nodes;
using System.Web;
using Relay.Server.Tests.Http.Tokens;
using Relay.TestKit;
using Relay.TestKit.Identity;

namespace Relay.Server.Tests.WebConsole;

/// <summary>Signing in at an OpenID Connect issuer.</summary>
public sealed class ServiceSignInTests : IAsyncLifetime
{
    private const string Client = "relay-console";
    private const string Grants = """
        [{ "role": "operator", "claims": { "groups": "models" } }]
        """;

    private readonly TemporaryFolder _folder = new();
    private TestIssuer _issuer = null!;
    private TestRelay _relay = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        File.WriteAllText(_folder.Combine("secret"), "the client's secret\n");
        string file = _issuer.WriteFile(
            _folder.FullPath, Grants,
            """, "person": { "claim": "name" }, "signIn": { "name": "Company login", "clientId": "relay-console", "clientSecretFile": "secret" }""");
        _relay = await TestRelay.StartAsync(options => options with { IdentityFile = file });
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        await _issuer.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task SignIn_PersonWithAGrant_HasItsRole()
    {
        using ConsoleBrowser browser = ConsoleBrowser.Open(_relay);
        Assert.Contains("Company login", (await browser.GetAsync("/console/sign-in")).Text, StringComparison.Ordinal);
        ConsoleAnswer signedIn = await SignInAsync(browser, Token());

        Assert.Equal(HttpStatusCode.SeeOther, signedIn.Status);
        Assert.Equal("/console/fleet", signedIn.Location);
        string home = (await browser.GetAsync("/console")).Text;
        Assert.Contains("Ada", home, StringComparison.Ordinal);
        Assert.Contains("operator", home, StringComparison.Ordinal);
        Assert.Equal("the client's secret", _issuer.Redeemed!["client_secret"]);
        Assert.NotEmpty(_issuer.Redeemed["code_verifier"].ToString());
    }

    [Theory]
    [Trait("Attack", "console-session")]
    [InlineData("aud", "another-client")]
    [InlineData("nonce", "that of another sign-in")]
    [InlineData("groups", "others")]
    [InlineData("iss", "https://elsewhere.example.com")]
    public async Task SignIn_TokenForSomethingElse_IsRefused(string claim, string value)
    {
        using ConsoleBrowser browser = ConsoleBrowser.Open(_relay);
        ConsoleAnswer answer = await SignInAsync(browser, Token((claim, value)));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.GetAsync("/console")).Status);
    }

    [Fact]
    [Trait("Attack", "console-forged-form")]
    public async Task Callback_OfASignInThatBeganElsewhere_IsRefused()
    {
        using ConsoleBrowser victim = ConsoleBrowser.Open(_relay);
        await victim.GetAsync("/console/sign-in/service?service=Company%20login");
        _issuer.SignIn = Token();
        ConsoleAnswer answer = await victim.GetAsync("/console/sign-in/callback?code=of-the-attacker&state=of-the-attacker");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);

        using ConsoleBrowser stranger = ConsoleBrowser.Open(_relay);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/console/sign-in/callback?code=x&state=")).Status);
    }

    [Fact]
    public async Task SignIn_IssuerThatRefusesOrIsDown_SaysSo()
    {
        using ConsoleBrowser browser = ConsoleBrowser.Open(_relay);
        ConsoleAnswer refused = await SignInAsync(browser, null);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Contains("try again", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/console/sign-in/service?service=unknown")).Status);
    }

    private Func<string, string> Token(params (string Name, string Value)[] claims) => nonce => _issuer.CreateToken(
        [
            ("aud", Client), ("nonce", nonce), ("groups", "models"), ("name", "Ada"),
            .. claims.Select(claim => (claim.Name, (JsonNode?)claim.Value)),
        ]);

    /// <summary>The issuer gives the nonce back as the code.</summary>
    private async Task<ConsoleAnswer> SignInAsync(ConsoleBrowser browser, Func<string, string>? token)
    {
        _issuer.SignIn = token;
        ConsoleAnswer begun = await browser.GetAsync("/console/sign-in/service?service=Company%20login&back=/console/fleet");
        Assert.Equal(HttpStatusCode.SeeOther, begun.Status);
        Assert.StartsWith($"{_issuer.Address}/authorize?", begun.Location, StringComparison.Ordinal);
        System.Collections.Specialized.NameValueCollection query = HttpUtility.ParseQueryString(new Uri(begun.Location!).Query);
        Assert.Equal("S256", query["code_challenge_method"]);
        return await browser.GetAsync($"/console/sign-in/callback?code={Uri.EscapeDataString(query["nonce"]!)}&state={query["state"]}");
    }
}

using System.Text;
using Relay.Server.Http.Access;
using Relay.Server.Http.Access.Tokens;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts;

namespace Relay.Server.Tests.Http.Tokens;

public sealed class IdentityFileTests
{
    private const string Grants = """[{ "role": "trainer", "claims": { "sub": "a" } }]""";

    [Fact]
    public void Parse_WholeFile_IsRead()
    {
        TrustedIssuer issuer = Assert.Single(Parse("""
            {
              "issuers": [
                {
                  "issuer": "https://token.actions.githubusercontent.com", "audience": "https://relay.example.com", "maximumLifetimeMinutes": 15,
                  "person": { "claim": "actor_id", "owners": { "583231": "ada" } },
                  "grants": [{ "role": "trainer", "claims": { "repository": "octo/models", "ref": "refs/heads/main" } }]
                }
              ]
            }
            """).Value!);

        Assert.Equal(("https://token.actions.githubusercontent.com", "https://relay.example.com"), (issuer.Address, issuer.Audience));
        Assert.Equal(TimeSpan.FromMinutes(15), issuer.MaximumLifetime);
        Assert.Equal(("actor_id", "ada"), (issuer.Person!.Name, issuer.Person.Owners!["583231"]));
        TokenGrant grant = Assert.Single(issuer.Grants);
        Assert.Equal(ApiKeyRole.Trainer, grant.Role);
        Assert.Equal(["repository=octo/models", "ref=refs/heads/main"], grant.Claims.Select(claim => $"{claim.Key}={claim.Value}"));
    }

    [Fact]
    public void Parse_ManyErrors_NamesAllOfThem()
    {
        IReadOnlyList<string> errors = Errors("""
            {
              "issuer": [],
              "issuers": [
                { "issuer": "http://ci.example.com", "audiences": ["a"], "grants": [{ "role": "owner", "claims": {} }] },
                { "issuer": "https://ci.example.com", "audience": "", "grants": [], "maximumLifetimeMinutes": "1",
                  "certificateAuthority": "none.pem" },
                7,
                { "issuer": "https://ci.example.com", "audience": "a", "grants": [{ "role": "node", "claims": { "sub": ["a"] } }], "person": {} }
              ]
            }
            """);

        string[] expected =
        [
            "$.issuer", "$.issuers[0].issuer", "$.issuers[0].audiences", "$.issuers[0].audience", "$.issuers[0].grants[0].role",
            "$.issuers[0].grants[0].claims", "$.issuers[1].audience", "$.issuers[1].grants", "$.issuers[1].maximumLifetimeMinutes",
            "$.issuers[1].certificateAuthority", "$.issuers[2]", "$.issuers[3].grants[0].claims.sub", "$.issuers[3].person.claim", "$.issuers",
        ];
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            errors.Select(error => error[..error.IndexOf(": ", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [Trait("Attack", "token-issuer-http")]
    [InlineData("http://ci.example.com")]
    [InlineData("ftp://ci.example.com")]
    [InlineData("ci.example.com")]
    [InlineData("https://user@ci.example.com")]
    [InlineData("https://ci.example.com?tenant=1")]
    [InlineData("https://ci.example.com#a")]
    [InlineData("https://ci.example.com/a/../b")]
    [InlineData("https://CI.example.com")]
    [InlineData("https://")]
    public void Parse_AddressThatIsNoIssuer_IsRefused(string address)
    {
        string error = Assert.Single(Errors($$"""{ "issuers": [{ "issuer": "{{address}}", "audience": "a", "grants": {{Grants}} }] }"""));

        Assert.StartsWith("$.issuers[0].issuer: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://ci.example.com")]
    [InlineData("https://ci.example.com/")]
    [InlineData("https://ci.example.com:8443/realms/main")]
    [InlineData("https://ci.example.com/realms/main/")]
    public void Parse_Issuer_IsTaken(string address) =>
        Assert.Equal(address, Parse($$"""{ "issuers": [{ "issuer": "{{address}}", "audience": "a", "grants": {{Grants}} }] }""").Value![0].Address);

    [Theory]
    [Trait("Attack", "token-of-anyone")]
    [InlineData("https://token.actions.githubusercontent.com", "ref")]
    [InlineData("https://token.actions.githubusercontent.com", "environment")]
    [InlineData("https://gitlab.com", "ref_protected")]
    [InlineData("https://accounts.google.com", "email_verified")]
    [InlineData("https://agent.buildkite.com", "pipeline_slug")]
    [InlineData("https://app.terraform.io", "terraform_workspace_name")]
    public void Parse_GrantOfAPublicIssuerForAnyone_IsRefused(string issuer, string claim)
    {
        string error = Assert.Single(Errors(
            $$"""{ "issuers": [{ "issuer": "{{issuer}}", "audience": "a", "grants": [{ "role": "node", "claims": { "{{claim}}": "true" } }] }] }"""));

        Assert.StartsWith("$.issuers[0].grants[0].claims: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "issuers": [] }""")]
    [InlineData("""{ "issuers": null }""")]
    [InlineData("""{ "issuers": [], "issuers": [] }""")]
    public void Parse_NoFileOfIssuers_IsRefused(string text) => Assert.Single(Errors(text));

    [Fact]
    public async Task Start_FileWithErrors_EndsWithAllOfThem()
    {
        using TemporaryFolder folder = new();
        string file = folder.Combine("identity.json");
        await File.WriteAllTextAsync(file, """{ "issuers": [{ "issuer": "http://ci.example.com", "grants": [] }] }""");

        RelayStartException error = await Assert.ThrowsAsync<RelayStartException>(
            () => TestRelay.StartAsync(options => options with { IdentityFile = file }));
        RelayStartException missing = await Assert.ThrowsAsync<RelayStartException>(
            () => TestRelay.StartAsync(options => options with { IdentityFile = folder.Combine("none.json") }));

        Assert.Equal(4, error.Message.Split('\n').Length);
        Assert.Contains("none.json", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Guide_Examples_AreTaken()
    {
        string guide = File.ReadAllText(RepositoryRoot.Combine("docs", "guides", "identity.md"));
        string[] blocks = [.. guide.Split("```json\n").Skip(1).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)])];
        string grant = $$"""{ "issuers": [{ "issuer": "https://gitlab.com", "audience": "a", "grants": [{{blocks[1]}}] }] }""";

        Assert.Equal(2, IdentityFileParser.Parse(Encoding.UTF8.GetBytes(blocks[0]), _ => [], _ => "secret").Value!.Count);
        Assert.Single(Parse(grant).Value!);
    }

    private static IReadOnlyList<string> Errors(string text) => Parse(text).Refusal!.Lines;

    private static Result<IReadOnlyList<TrustedIssuer>, IdentityErrors> Parse(string text) =>
        IdentityFileParser.Parse(Encoding.UTF8.GetBytes(text), _ => null, _ => null);
}

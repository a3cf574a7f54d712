using System.Text;
using System.Text.Json.Nodes;
using Relay.Server.Cli;
using Relay.TestKit;
using Relay.TestKit.Identity;

namespace Relay.Server.Tests.Cli;

/// <summary>What an operator is told of a token.</summary>
public sealed class IdentityCommandTests : IAsyncLifetime
{
    private const string Grants =
        """
        [{ "role": "trainer", "claims": { "ref": "refs/heads/main", "event_name": "push" } },
         { "role": "operator", "claims": { "groups": "ops", "environment": "production" } }]
        """;

    private readonly TemporaryFolder _folder = new();
    private TestIssuer _issuer = null!;
    private string _identity = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        _identity = _issuer.WriteFile(_folder.FullPath, Grants, """, "person": { "claim": "actor" }""");
    }

    public async ValueTask DisposeAsync()
    {
        await _issuer.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Check_TokenOfAGrant_ShowsItsRolesAndWhyOthersDoNotApply()
    {
        string token = _issuer.CreateToken(
            ("ref", "refs/heads/main"), ("event_name", "push"), ("actor", "ada"), ("groups", new JsonArray("staff", "ops")),
            ("environment", "staging"), ("secret", "hidden"));

        RelayCommandRun run = await CheckAsync(token);

        Assert.Equal(0, run.Code);
        Assert.Contains($"issuer    '{_issuer.Address}'", run.Output, StringComparison.Ordinal);
        Assert.Contains($"audience  '{TestIssuer.Audience}'", run.Output, StringComparison.Ordinal);
        Assert.Contains("expires   20", run.Output, StringComparison.Ordinal);
        Assert.Contains("grant 1   trainer: applies", run.Output, StringComparison.Ordinal);
        Assert.Contains(
            "grant 2   operator: does not apply: environment must be 'production', and the token has 'staging'", run.Output,
            StringComparison.Ordinal);
        Assert.Contains("person    'ada'", run.Output, StringComparison.Ordinal);
        Assert.Contains("roles     trainer", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", run.Output, StringComparison.Ordinal);
        Assert.All(token.Split('.'), part => Assert.DoesNotContain(part, run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_TokenWithoutAGrant_FailsAndNamesTheFirstClaimThatDiffers()
    {
        RelayCommandRun run = await CheckAsync(_issuer.CreateToken(("ref", "refs/heads/fix"), ("groups", "staff")));

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("Refused, NoGrant", run.Output, StringComparison.Ordinal);
        Assert.Contains("ref must be 'refs/heads/main', and the token has 'refs/heads/fix'", run.Output, StringComparison.Ordinal);
        Assert.Contains("groups must be 'ops', and the token has 'staff'", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("roles", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aud", "https://other.example.com", "Refused, Audience")]
    [InlineData("exp", 1_000_000_000, "Refused, Lifetime")]
    [InlineData("iss", "https://unknown.example.com", "Refused, UnknownIssuer")]
    [InlineData("sub", null, "Refused, Content")]
    public async Task Check_TokenThatIsRefused_FailsAndSaysWhy(string claim, object? value, string expected)
    {
        string token = _issuer.CreateToken(
            ("ref", "refs/heads/main"), ("event_name", "push"), (claim, value switch { int number => number, string text => text, _ => null }));

        RelayCommandRun run = await CheckAsync(token);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("roles", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Attack", "token-signature")]
    public async Task Check_TokenOfAnotherKey_FailsAndItsGrantsDoNotCount()
    {
        JsonObject claims = _issuer.Claims();
        (claims["ref"], claims["event_name"]) = ("refs/heads/main", "push");
        using IssuerKey other = IssuerKey.CreateRsa(_issuer.Keys[0].Id);

        RelayCommandRun run = await CheckAsync(_issuer.Sign(claims, other));

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("Refused, Signature", run.Output, StringComparison.Ordinal);
        Assert.Contains("does not count", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("roles", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_IssuerThatFails_FailsWithTheCause()
    {
        _issuer.IsDown = true;

        RelayCommandRun run = await CheckAsync(_issuer.CreateToken());

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("Refused, IssuerUnreachable", run.Output, StringComparison.Ordinal);
        Assert.Contains("The cause:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_IdentityFileWithErrors_ShowsThem()
    {
        await File.WriteAllTextAsync(_identity, """{ "issuers": [{ "isuer": "x" }] }""", Cancel);

        RelayCommandRun run = await CheckAsync(_issuer.CreateToken());

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("$.issuers[0].isuer", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_IdentityOfTheSettings_IsUsed()
    {
        string token = Write(_issuer.CreateToken());

        RelayCommandRun none = await RelayCommandRun.RunAsync("identity", "check", token);
        RelayCommandRun set = await RelayCommandRun.InAsync(new() { ["RELAY__IDENTITY"] = _identity }, "identity", "check", token);

        Assert.Contains("--identity", none.Error, StringComparison.Ordinal);
        Assert.Contains("Refused, NoGrant", set.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadToken_OfTheStandardInput_IsTheOneOfAFile()
    {
        string token = _issuer.CreateToken();

        Assert.Equal(token, await TokenFile.ReadAsync(new MemoryStream(Encoding.ASCII.GetBytes(token + "\n")), Cancel));
        await Assert.ThrowsAsync<CommandException>(() => TokenFile.ReadAsync(new MemoryStream(new byte[20_000]), Cancel));
        await Assert.ThrowsAsync<CommandException>(() => TokenFile.ReadAsync(Stream.Null, Cancel));
    }

    private Task<RelayCommandRun> CheckAsync(string token) =>
        RelayCommandRun.RunAsync("identity", "check", Write(token), "--identity", _identity);

    private string Write(string token)
    {
        string file = _folder.Combine("token.jwt");
        File.WriteAllText(file, token + "\n");
        return file;
    }
}

using System.Net;
using Relay.AdminClient;
using Relay.Server.Cli;
using Relay.Server.Tests.Http.Tokens;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Cli;

/// <summary>Commands with an OpenID Connect token in place of an API key.</summary>
public sealed class TokenFileTests(TokenRelay fixture) : IClassFixture<TokenRelay>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.Combine("token.jwt");

    private string[] Relay => ["--relay", fixture.Relay.Address.ToString(), "--ca", fixture.Relay.CertificateAuthority];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Command_TokenOfEachSource_IsAnswered()
    {
        await WriteAsync(fixture.CreateToken("operator"));
        string[] command = ["channel", "list"];
        string[] profile =
        [
            "profile", "add", "ci", fixture.Relay.Address.ToString(), "--token-file", File, "--ca", fixture.Relay.CertificateAuthority,
        ];

        RelayCommandRun none = await RunAsync([], [.. command, .. Relay]);
        RelayCommandRun option = await RunAsync([], [.. command, .. Relay, "--token-file", File]);
        RelayCommandRun variable = await RunAsync([("RELAY_TOKEN_FILE", File)], [.. command, .. Relay]);
        RelayCommandRun added = await RunAsync([], profile);
        RelayCommandRun named = await RunAsync([], [.. command, "--profile", "ci"]);
        RelayCommandRun listed = await RunAsync([], "profile", "list");
        RelayCommandRun mirror = await RunAsync([], ["mirror", _folder.Combine("mirror"), .. Relay, "--token-file", File]);

        Assert.Equal((1, 0, 0, 0, 0, 0), (none.Code, option.Code, variable.Code, added.Code, named.Code, mirror.Code));
        Assert.Contains($"token of the file {File}", listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_KeyAndToken_IsRefused()
    {
        await WriteAsync(fixture.CreateToken("operator"));

        RelayCommandRun both = await RunAsync([], ["channel", "list", .. Relay, "--token-file", File, "--key", "k"]);
        RelayCommandRun profile = await RunAsync([], "profile", "add", "ci", "https://a.example.com", "--token-file", File, "--key-file", File);
        RelayCommandRun mirror = await RunAsync([], ["mirror", _folder.FullPath, .. Relay, "--token-file", File, "--api-key", "k"]);

        Assert.All([both, profile, mirror], run => Assert.Contains("--token-file", run.Error, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Attack", "token-malformed")]
    public async Task Command_FileThatHoldsNoToken_SendsNothing()
    {
        string[] others = ["", "a.b", "-----BEGIN PRIVATE KEY-----\n.a.b\n", new string('a', 20_000) + ".b.c", fixture.Relay.AdminKey];
        foreach (string text in others)
        {
            await WriteAsync(text);
            RelayCommandRun run = await RunAsync([], ["channel", "list", .. Relay, "--token-file", File]);
            Assert.Contains("holds no token", run.Error, StringComparison.Ordinal);
        }

        RelayCommandRun missing = await RunAsync([], ["channel", "list", .. Relay, "--token-file", _folder.Combine("none")]);
        Assert.Contains("cannot be read", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_TokenFile_IsReadForEachRequest()
    {
        await WriteAsync(fixture.Issuer.CreateToken(("role", "admin"), ("nbf", 1), ("exp", 2)));
        using HttpClient http = RelayCredential.CreateClient(
            fixture.Relay.Address, RelayApi.Pin(fixture.Relay.CertificateAuthority), RelayCredential.FromTokenFile(File), null);

        using HttpResponseMessage expired = await http.GetAsync(Routes.Models, TestContext.Current.CancellationToken);
        await WriteAsync(fixture.CreateToken("auditor"));
        using HttpResponseMessage renewed = await http.GetAsync(Routes.Models, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (expired.StatusCode, renewed.StatusCode));
    }

    [Fact]
    public async Task AdminClient_TokenProvider_IsAskedForEachRequest()
    {
        int asked = 0;
        using RelayAdminClient relay = new(new RelayAdminOptions
        {
            Address = fixture.Relay.Address,
            TokenProvider = _ => ValueTask.FromResult<string?>(asked++ < 2 ? fixture.CreateToken("auditor") : null),
            CertificateAuthorityPem = await System.IO.File.ReadAllTextAsync(
                fixture.Relay.CertificateAuthority, TestContext.Current.CancellationToken),
        });

        await ListAsync();
        await ListAsync();
        RelayException without = await Assert.ThrowsAsync<RelayException>(ListAsync);

        Assert.Equal((3, HttpStatusCode.Unauthorized), (asked, without.Status));
        Task ListAsync() => relay.Channels.ListAsync().CountAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.Throws<ArgumentException>(() => new RelayAdminClient(
            new RelayAdminOptions { Address = fixture.Relay.Address, ApiKey = "k", TokenProvider = _ => ValueTask.FromResult<string?>(null) }));
    }

    private Task WriteAsync(string token) => System.IO.File.WriteAllTextAsync(File, token + "\n", TestContext.Current.CancellationToken);

    private Task<RelayCommandRun> RunAsync((string Name, string Value)[] environment, params string[] arguments) => RelayCommandRun.InAsync(
        new(environment.ToDictionary(variable => variable.Name, variable => variable.Value)) { ["XDG_CONFIG_HOME"] = _folder.FullPath }, arguments);
}

using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Cli;
using Relay.Server.Http.Tls;
using Relay.Server.Storage;
using Relay.TestKit;

namespace Relay.Server.Tests.Http.Tls;

public sealed partial class TlsTests(PublishedRelay fixture)
{
    private static readonly string[] Names = ["localhost", "127.0.0.1"];

    [Fact]
    public async Task Handshake_ClientWithoutThePin_IsRefusedByTheClient()
    {
        using HttpClient client = new() { BaseAddress = fixture.Relay.Address };

        HttpRequestException refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/health/live"));

        Assert.IsType<AuthenticationException>(refused.InnerException);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Handshake_ModernProtocol_Succeeds(SslProtocols protocol)
    {
        using TcpClient tcp = new();
        await tcp.ConnectAsync("127.0.0.1", fixture.Relay.Address.Port);
        await using SslStream tls = new(tcp.GetStream());

        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "127.0.0.1",
            EnabledSslProtocols = protocol,
            CertificateChainPolicy = RelayApi.Pin(fixture.Relay.CertificateAuthority),
        });

        Assert.Equal(protocol, tls.SslProtocol);
    }

    [Fact]
    public void ServerCertificate_AskedAgain_IsTheSame()
    {
        using TemporaryFolder folder = new();
        DevelopmentCa authority = new(new DataFolder(folder.FullPath), new TestClock());

        using X509Certificate2 first = authority.ServerCertificate(Names);
        using X509Certificate2 second = authority.ServerCertificate(Names);

        Assert.Equal(first.Thumbprint, second.Thumbprint);
    }

    [Fact]
    public void ServerCertificate_NewName_IsIssuedAgainByTheSameAuthority()
    {
        using TemporaryFolder folder = new();
        DevelopmentCa authority = new(new DataFolder(folder.FullPath), new TestClock());
        using X509Certificate2 first = authority.ServerCertificate(Names);
        string pinned = File.ReadAllText(authority.CertificateFile);

        using X509Certificate2 second = authority.ServerCertificate([.. Names, "relay.example"]);

        Assert.NotEqual(first.Thumbprint, second.Thumbprint);
        Assert.True(second.MatchesHostname("relay.example"));
        Assert.Equal(pinned, File.ReadAllText(authority.CertificateFile));
    }

    [Fact]
    public void ServerCertificate_NearItsEnd_IsIssuedAgain()
    {
        using TemporaryFolder folder = new();
        TestClock clock = new();
        DevelopmentCa authority = new(new DataFolder(folder.FullPath), clock);
        using X509Certificate2 first = authority.ServerCertificate(Names);

        clock.Advance(TimeSpan.FromDays(380));
        using X509Certificate2 second = authority.ServerCertificate(Names);

        Assert.True(second.NotAfter > first.NotAfter);
    }

    [Fact]
    public async Task Handshake_ConfiguredCertificate_IsPresented()
    {
        using TemporaryFolder folder = new();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=own", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 own = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(10));
        File.WriteAllText(folder.Combine("own.pem"), own.ExportCertificatePem());
        File.WriteAllText(folder.Combine("own.key"), key.ExportPkcs8PrivateKeyPem());

        // The kit pins tls/ca.pem, which such a relay does not make: put the configured certificate there.
        await using TestRelay relay = await TestRelay.StartAsync(o =>
        {
            string pinned = Path.Combine(o.DataFolder, "tls", "ca.pem");
            Directory.CreateDirectory(Path.GetDirectoryName(pinned)!);
            File.Copy(folder.Combine("own.pem"), pinned);
            return o with { Tls = new() { CertificateFile = folder.Combine("own.pem"), CertificateKeyFile = folder.Combine("own.key") } };
        });
        using HttpResponseMessage response = await relay.Anonymous.GetAsync("/health/live");

        Assert.True(response.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("ca.key")]
    [InlineData("server.key")]
    public void ServerCertificate_DamagedFile_IsRefusedByName(string name)
    {
        using TemporaryFolder folder = new();
        DevelopmentCa authority = new(new DataFolder(folder.FullPath), new TestClock());
        authority.ServerCertificate(Names).Dispose();
        File.WriteAllText(folder.Combine("tls/" + name), "no certificate");

        RelayStartException refused = Assert.Throws<RelayStartException>(() => authority.ServerCertificate(Names));

        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    private static (string Certificate, string Key) CreatePem(string subject)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 own = new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(
            now.AddHours(-1), now.AddDays(10));
        return (own.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    [Fact]
    public async Task Start_CertificateMissing_IsRefused() => await Assert.ThrowsAsync<RelayStartException>(
        () => TestRelay.StartAsync(o => o with { Tls = new() { CertificateFile = "/nowhere/own.pem" } }));
}

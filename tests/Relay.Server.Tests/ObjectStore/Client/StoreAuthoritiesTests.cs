using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.ObjectStore;
using Relay.Server.ObjectStore.Client;
using Relay.TestKit;
using Relay.TestKit.ObjectStores;

namespace Relay.Server.Tests.ObjectStore.Client;

public sealed class StoreAuthoritiesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Pem => _folder.Combine("authorities.pem");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task List_StoreOfTheNamedAuthority_Answers()
    {
        using X509Certificate2 authority = CreateAuthority();
        await using FakeObjectStore store = await StartAsync(authority);
        File.WriteAllText(Pem, CreateAuthority().ExportCertificatePem() + "\n" + authority.ExportCertificatePem());

        Assert.Empty(await ListAsync(store));
    }

    [Fact]
    [Trait("Attack", "object-store-tls")]
    public async Task List_StoreOfAnotherAuthority_IsSentNothing()
    {
        using X509Certificate2 authority = CreateAuthority();
        await using FakeObjectStore store = await StartAsync(authority);
        File.WriteAllText(Pem, CreateAuthority().ExportCertificatePem());

        ObjectStoreException refused = await Assert.ThrowsAsync<ObjectStoreException>(() => ListAsync(store));

        Assert.Contains(StoreAuthorities.Setting, refused.Message, StringComparison.Ordinal);
        Assert.Empty(store.Requests);
    }

    [Fact]
    [Trait("Attack", "object-store-tls")]
    public async Task List_CertificateOfTheAuthorityForAnotherHost_IsSentNothing()
    {
        using X509Certificate2 authority = CreateAuthority();
        await using FakeObjectStore store = await StartAsync(authority, IPAddress.Parse("192.0.2.1"));
        File.WriteAllText(Pem, authority.ExportCertificatePem());

        await Assert.ThrowsAsync<ObjectStoreException>(() => ListAsync(store));

        Assert.Empty(store.Requests);
    }

    [Theory]
    [Trait("Attack", "object-store-tls")]
    [InlineData("1.3.6.1.5.5.7.3.1", true)]
    [InlineData("1.3.6.1.5.5.7.3.2", false)]
    public void IsTrusted_CertificateOfTheAuthorityForClients_IsNot(string use, bool isTrusted)
    {
        using X509Certificate2 authority = CreateAuthority();
        File.WriteAllText(Pem, authority.ExportCertificatePem());

        Assert.Equal(isTrusted, new StoreAuthorities(Pem).IsTrusted(this, Issue(authority, IPAddress.Loopback, use), null, SslPolicyErrors.None));
    }

    [Fact]
    public async Task List_AuthorityIsReplacedInTheFile_CountsFromTheNextConnection()
    {
        using X509Certificate2 authority = CreateAuthority();
        await using FakeObjectStore store = await StartAsync(authority);
        File.WriteAllText(Pem, CreateAuthority().ExportCertificatePem());
        using S3Bucket bucket = Open(store);
        await Assert.ThrowsAsync<ObjectStoreException>(() => bucket.ListAsync(Cancel));

        File.WriteAllText(Pem, authority.ExportCertificatePem());

        Assert.Empty(await bucket.ListAsync(Cancel));
    }

    [Fact]
    public async Task List_FileIsDamagedLater_LastGoodOneCounts()
    {
        using X509Certificate2 authority = CreateAuthority();
        await using FakeObjectStore store = await StartAsync(authority);
        File.WriteAllText(Pem, authority.ExportCertificatePem());
        using S3Bucket bucket = Open(store);

        File.WriteAllText(Pem, "-----BEGIN");

        Assert.Empty(await bucket.ListAsync(Cancel));
    }

    private async Task<List<BucketObject>> ListAsync(FakeObjectStore store)
    {
        using S3Bucket bucket = Open(store);
        return await bucket.ListAsync(Cancel);
    }

    private S3Bucket Open(FakeObjectStore store) => new(BucketScene.SettingsOf(store) with { Authorities = new(Pem) });

    private static X509Certificate2 CreateAuthority()
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN=authority {Guid.NewGuid()}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static Task<FakeObjectStore> StartAsync(X509Certificate2 authority, IPAddress? host = null) =>
        FakeObjectStore.StartAsync(Issue(authority, host ?? IPAddress.Loopback, "1.3.6.1.5.5.7.3.1"));

    private static X509Certificate2 Issue(X509Certificate2 authority, IPAddress host, string use)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=store", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        using X509Certificate2 issued = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }
}

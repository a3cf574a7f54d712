using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Relay.Server.Storage;
using Shared.Contracts.Cms;
using Shared.Platform.Files;

namespace Relay.Server.Http.Tls;

/// <summary>The relay's own certificate authority, so that TLS is real from the first start: nodes pin <c>tls/ca.pem</c>.</summary>
internal sealed class DevelopmentCa(DataFolder folder, TimeProvider timeProvider)
{
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan ServerLife = TimeSpan.FromDays(397);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>The certificate for clients to pin, without its key.</summary>
    public string CertificateFile => folder.AuthorityCertificate;

    // One file holds certificate and key, so that no kill can leave halves of two pairs.
    private string AuthorityFile => folder.AuthorityKey;

    private string ServerFile => folder.ServerKey;

    /// <summary>The server's certificate with its key: the one on disk if it is valid, a new one if that is missing, expires
    /// before long, has another issuer or lacks one of the names.</summary>
    public X509Certificate2 ServerCertificate(IReadOnlyCollection<string> names)
    {
        using X509Certificate2 authority = Load(AuthorityFile, IsFresh) ?? Store(AuthorityFile, CreateAuthority);
        byte[] publicPart = Encoding.ASCII.GetBytes(authority.ExportCertificatePem());
        if (!File.Exists(CertificateFile) || !File.ReadAllBytes(CertificateFile).AsSpan().SequenceEqual(publicPart))
        {
            new DurableFiles().Replace(CertificateFile, publicPart);
        }

        if (!File.Exists(ServerFile))
        {
            return Store(ServerFile, () => CreateServer(authority, names));
        }

        X509Certificate2 found = Read(ServerFile);
        if (IsFresh(found) && IsIssuedBy(authority, found) && Covers(found, names))
        {
            return found;
        }

        // Several relays on one folder have names of their own: one must not take those of another away.
        HashSet<string> all = new(names, StringComparer.OrdinalIgnoreCase);
        all.UnionWith(IsIssuedBy(authority, found) ? NamesOf(found) : []);
        found.Dispose();
        return Store(ServerFile, () => CreateServer(authority, all));
    }

    private static X509Certificate2? Load(string path, Predicate<X509Certificate2> isGood)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        X509Certificate2 found = Read(path);
        if (isGood(found))
        {
            return found;
        }

        found.Dispose();
        return null;
    }

    private static X509Certificate2 Read(string path)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(path);
        }
        catch (Exception damaged) when (damaged is CryptographicException or ArgumentException)
        {
            throw new RelayStartException(
                $"'{path}' is damaged: {damaged.Message} Restore it from a backup. Or move it away: the relay issues server.key again by itself, and "
                + "a new ca.key with --start-anew.", damaged);
        }
    }

    /// <exception cref="RelayStartException">The clock may not date certificates: what is in the file stays.</exception>
    private X509Certificate2 Store(string path, Func<X509Certificate2> create)
    {
        if (SigningClock.FindError(timeProvider.GetUtcNow(), SigningClock.NewestSignature(folder)) is { } clock)
        {
            throw new RelayStartException(clock);
        }

        X509Certificate2 created = create();
        using ECDsa key = created.GetECDsaPrivateKey()!;
        string pem = $"{created.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
        new DurableFiles().Replace(path, Encoding.ASCII.GetBytes(pem), DurableFiles.OwnerFile);
        return created;
    }

    private bool IsFresh(X509Certificate2 found) => found.NotAfter.ToUniversalTime() - timeProvider.GetUtcNow() > RenewBefore;

    private bool IsIssuedBy(X509Certificate2 authority, X509Certificate2 found)
    {
        using X509Chain chain = new() { ChainPolicy = PinnedChainPolicy.Create([authority], timeProvider.GetUtcNow()) };
        return chain.Build(found);
    }

    private static bool Covers(X509Certificate2 found, IReadOnlyCollection<string> names)
    {
        HashSet<string> held = new(NamesOf(found), StringComparer.OrdinalIgnoreCase);
        return names.All(held.Contains);
    }

    private static IEnumerable<string> NamesOf(X509Certificate2 found) =>
        found.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault() is { } extension
            ? extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => address.ToString()))
            : [];

    private X509Certificate2 CreateAuthority()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=Relay development CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset now = timeProvider.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now + AuthorityLife);
    }

    private X509Certificate2 CreateServer(X509Certificate2 authority, IReadOnlyCollection<string> names)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=Relay", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder alternatives = new();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        DateTimeOffset now = timeProvider.GetUtcNow();
        using X509Certificate2 issued = request.Create(authority, now.AddHours(-1), now + ServerLife, RandomNumberGenerator.GetBytes(16));
        return issued.CopyWithPrivateKey(key);
    }
}

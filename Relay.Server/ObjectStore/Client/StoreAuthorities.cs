using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Shared.Contracts.Cms;
using Shared.Platform.Files;

namespace Relay.Server.ObjectStore.Client;

/// <summary>The only authorities that the TLS certificate of a store may come from, in a PEM file. It is read for each connection, so that a change
/// needs no restart. While it cannot be used, what was read last counts.</summary>
internal sealed class StoreAuthorities
{
    public const string Setting = "certificateAuthority";

    private const int MaximumBytes = 1 << 16;
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private readonly string _path;
    private volatile X509Certificate2Collection _last;

    /// <exception cref="InvalidDataException">The file cannot be read, or has no root certificate.</exception>
    public StoreAuthorities(string path) => (_path, _last) = (path, Read(path));

    /// <summary>What <see cref="SslStream"/> begins with: it downloads nothing and does not ask the system's authorities.</summary>
    public X509ChainPolicy CreatePolicy() => PinnedChainPolicy.Create(_last);

    /// <summary>Decides on the certificate of one connection.</summary>
    public bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 presented || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) is not SslPolicyErrors.None)
        {
            return false;
        }

        try
        {
            _last = Read(_path);
        }
        catch (InvalidDataException)
        {
            // A file that is being replaced must not stop the copy.
        }

        using X509Chain pinned = new() { ChainPolicy = CreatePolicy() };
        pinned.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        pinned.ChainPolicy.ExtraStore.AddRange(chain?.ChainPolicy.ExtraStore ?? []);
        return pinned.Build(presented);
    }

    private static X509Certificate2Collection Read(string path)
    {
        try
        {
            X509Certificate2Collection found = [];
            found.ImportFromPem(Encoding.ASCII.GetString(RegularFile.ReadBounded(path, MaximumBytes) ?? []));
            return found.Any(authority => authority.SubjectName.RawData.AsSpan().SequenceEqual(authority.IssuerName.RawData))
                ? found
                : throw new InvalidDataException(
                    $"{Setting}: '{path}' has no root certificate: expected a PEM file of at most {MaximumBytes} bytes with the certificate of the "
                    + "authority that is its own issuer");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{Setting}: '{path}' cannot be read as certificates in PEM: {e.Message}", e);
        }
    }
}

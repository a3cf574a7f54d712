using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Http.Tls;
using Relay.Server.Storage;
using Shared.Contracts.Cms;

namespace Relay.Server.Replicas;

/// <summary>Knows a relay that shares the data folder by its TLS certificate, whatever address it is reached at: it is this relay's own, one of the
/// relay's own authority, or valid in itself.</summary>
internal sealed class PeerCertificates(ServerTls tls, DataFolder folder, TimeProvider timeProvider)
{
    public bool IsOfAPeer(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 presented)
        {
            return false;
        }

        return errors is SslPolicyErrors.None
            || presented.RawDataMemory.Span.SequenceEqual(tls.Current.ServerCertificateContext!.TargetCertificate.RawDataMemory.Span)
            || IsOfOwnAuthority(presented);
    }

    private bool IsOfOwnAuthority(X509Certificate2 presented)
    {
        if (!tls.IsOfOwnAuthority)
        {
            return false;
        }

        using X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(folder.AuthorityCertificate);
        using X509Chain pinned = new() { ChainPolicy = PinnedChainPolicy.Create([authority], timeProvider.GetUtcNow()) };
        return pinned.Build(presented);
    }
}

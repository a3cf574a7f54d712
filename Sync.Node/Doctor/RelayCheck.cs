using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sync.Client;

namespace Sync.Node.Doctor;

/// <summary>Asks the relay and each mirror for their timestamp, as any node does first, and compares the clock with that of the answer.</summary>
internal sealed class RelayCheck(RelaySyncOptions options, TimeProvider timeProvider)
{
    private const string Timestamp = "metadata/timestamp.json";
    private const int MaximumBytes = 1 << 20;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(2);

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        if (options.Relay is null && options.Mirrors.Count == 0)
        {
            return
            [
                Finding.Warning("relay", "no --relay and no --mirror are given, so none was asked; a node without network takes bundles by 'import'"),
            ];
        }

        List<Finding> findings = [];
        if (options.Relay is { } relay)
        {
            findings.AddRange(await AskAsync("relay", relay, "v1/repository/", cancellationToken));
        }

        foreach (Uri mirror in options.Mirrors)
        {
            findings.AddRange(await AskAsync("mirror", mirror, "", cancellationToken));
        }

        return findings;
    }

    private async Task<IReadOnlyList<Finding>> AskAsync(string subject, Uri address, string folder, CancellationToken cancellationToken)
    {
        try
        {
            using SocketsHttpHandler handler = new() { AllowAutoRedirect = false, ConnectTimeout = Deadline, SslOptions = CreateTls() };
            using HttpClient http = new(handler) { Timeout = Deadline, MaxResponseContentBufferSize = MaximumBytes };
            Uri root = new(address.AbsoluteUri.TrimEnd('/') + "/");
            using HttpResponseMessage response = await http.GetAsync(new Uri(root, folder + Timestamp), cancellationToken);
            Finding reached = response.StatusCode switch
            {
                HttpStatusCode.OK => Finding.Ok(subject, $"{address} answers"),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Finding.Ok(
                    subject, $"{address} answers, and asks nodes for a signature: a node signs with the key in its store, once it is enrolled"),
                _ => Finding.Failure(
                    subject, $"{address} answers {(int)response.StatusCode} for {folder}{Timestamp}: is this the address of a relay or a mirror?"),
            };
            return [reached, .. CheckClock(response.Headers.Date)];
        }
        catch (HttpRequestException e)
        {
            return [Finding.Failure(subject, $"{address} cannot be reached ({Innermost(e).Message}): check the address, the network, and --ca")];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [Finding.Failure(subject, $"{address} does not answer within {Deadline.TotalSeconds} s: check the address and the network")];
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return
            [
                Finding.Failure("ca", $"{options.TlsRoot} cannot be read as certificates ({e.Message}): name the ca.pem of the relay's operator"),
            ];
        }
    }

    private IEnumerable<Finding> CheckClock(DateTimeOffset? theirs)
    {
        if (theirs is not { } date)
        {
            yield break;
        }

        TimeSpan skew = timeProvider.GetUtcNow() - date;
        yield return skew.Duration() <= AllowedSkew
            ? Finding.Ok("clock", "agrees with that of the relay")
            : Finding.Failure(
                "clock",
                $"is {skew.Duration():d\\.hh\\:mm\\:ss} {(skew > TimeSpan.Zero ? "ahead of" : "behind")} that of the relay: set it by NTP, as "
                    + "expiry goes by it");
    }

    private SslClientAuthenticationOptions CreateTls()
    {
        if (options.TlsRoot is not { } path)
        {
            return new();
        }

        X509Certificate2Collection roots = [];
        roots.ImportFromPemFile(path);
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return new() { CertificateChainPolicy = policy };
    }

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}

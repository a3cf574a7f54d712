using System.Text;
using Relay.Server.Fleet.Enrollment;
using Relay.Server.Http.Tls;
using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Platform.Files;

namespace Relay.Server.Hosting;

/// <summary>What a relay that has started gives to people and to the nodes that start with it.</summary>
/// <param name="TrustOut">The folder that receives what nodes need; null: none.</param>
/// <param name="EnrollTokenOut">The file that receives an enrollment token; null: none.</param>
/// <param name="Output">Gets the lines that a start prints.</param>
internal sealed record StartAnnouncement(string? TrustOut, string? EnrollTokenOut, TextWriter Output)
{
    private const string AuthorityFile = "ca.pem";

    /// <summary>The name of the token that a start makes; the next start revokes it.</summary>
    private const string StartTokenName = "serve";

    /// <param name="addresses">Where the relay listens.</param>
    public async Task WriteAddressesAsync(IEnumerable<string> addresses)
    {
        foreach (string url in addresses)
        {
            await Output.WriteLineAsync(DisplayText.Format($"Listening on {url}"));
        }
    }

    public async Task WriteAsync(IServiceProvider relay, RelayOptions options)
    {
        DataFolder folder = relay.GetRequiredService<DataFolder>();
        string? authority = relay.GetRequiredService<ServerTls>().AuthorityPem();
        if (TrustOut is not null)
        {
            Directory.CreateDirectory(TrustOut);
            if (authority is not null)
            {
                new DurableFiles().Replace(Path.Combine(TrustOut, AuthorityFile), Encoding.ASCII.GetBytes(authority.TrimEnd() + "\n"));
            }

            new DurableFiles().Replace(Path.Combine(TrustOut, Path.GetFileName(folder.TrustedRoot)), File.ReadAllBytes(folder.TrustedRoot));
        }

        if (EnrollTokenOut is not null)
        {
            EnrollmentTokenCreated created = await relay.GetRequiredService<EnrollmentTokens>().CreateAsync(
                new EnrollmentTokenRequest { Name = StartTokenName }, replace: true);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(EnrollTokenOut))!);
            new DurableFiles().Replace(EnrollTokenOut, Encoding.ASCII.GetBytes(created.Token + "\n"), DurableFiles.OwnerFile);
        }

        await Output.WriteLineAsync(
            options.Tls.CertificateFile is not { } given ? DisplayText.Format($"Clients trust {folder.AuthorityCertificate}")
            : authority is not null ? DisplayText.Format($"Clients trust the self-signed certificate in {given}")
            : DisplayText.Format(
                $"Clients trust the authority that issued {given}; {AuthorityFile} is not written, since the file does not contain it"));
        await Output.WriteLineAsync(DisplayText.Format($"Nodes start from {folder.TrustedRoot}"));
    }
}

using System.Security.Cryptography;
using Relay.AdminClient;
using Shared.Contracts;
using Shared.Contracts.Nodes;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

internal sealed partial class RelayApi
{
    /// <summary>Writes the body of an answer into a file, which appears when it is complete and is the one of its digest: what was there stays until
    /// then.</summary>
    /// <exception cref="RelayException">The relay refuses, or what arrived is not what it sent.</exception>
    /// <exception cref="CommandException">The file is a device.</exception>
    public async Task<(long Bytes, string Sha256)> DownloadFileAsync(string path, string file, CancellationToken cancellationToken)
    {
        if (OutputFile.IsDevice(file))
        {
            throw new CommandException(DisplayText.Format(
                $"'{file}' is a device: name a file, since what arrives is compared with its digest before it has its name"));
        }

        using OutputFile output = new(file);
        (long bytes, byte[] sha256) = (0, []);
        IEnumerable<string>? digests = null;
        await transport.DownloadAsync(
            path,
            async response =>
            {
                response.Headers.TryGetValues(ContentDigest.Header, out digests);
                await output.WriteAsync(async content => (bytes, sha256) = await ReceiveAsync(response, content, cancellationToken));
            },
            cancellationToken);
        if (digests is not null && !digests.SequenceEqual([ContentDigest.FromHash(sha256)]))
        {
            throw new RelayException(DisplayText.Format(
                $"{file} was not written: what arrived is not what the relay sent, by its {ContentDigest.Header}. Try again."));
        }

        output.Complete();
        return (bytes, Convert.ToHexStringLower(sha256));
    }

    private static async Task<(long Bytes, byte[] Sha256)> ReceiveAsync(
        HttpResponseMessage response, Stream output, CancellationToken cancellationToken)
    {
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await body.CopyToAsync(output, cancellationToken);
        output.Position = 0;
        return (output.Length, await SHA256.HashDataAsync(output, cancellationToken));
    }
}

namespace Relay.Server.Oci;

/// <summary>Reads what a registry sends, within a bound.</summary>
internal static class OciContent
{
    /// <summary>True for an address to which a registry may lead: one with TLS, or one on this machine where the registry itself is there without
    /// TLS.</summary>
    public static bool IsAllowed(Uri address, Uri registry) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && registry.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    /// <exception cref="InvalidDataException">It is longer.</exception>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage response, long limit, CancellationToken cancellationToken)
    {
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using MemoryStream content = new();
        byte[] part = new byte[1 << 16];
        for (int read; (read = await body.ReadAsync(part, cancellationToken)) > 0;)
        {
            if (content.Length + read > limit)
            {
                throw new InvalidDataException($"The registry sends more than the {limit} bytes that were expected.");
            }

            content.Write(part, 0, read);
        }

        return content.ToArray();
    }
}

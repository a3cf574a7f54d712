using Shared.Platform.Timing;

namespace Relay.Server.Oci;

/// <summary>Reads what a registry sends, within a bound.</summary>
internal static class OciContent
{
    private const int MinimumBytesPerSecond = 16_384;

    private static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(20);

    /// <summary>True for an address to which a registry may lead: one with TLS, or one on this machine where the registry itself is there without
    /// TLS.</summary>
    public static bool IsAllowed(Uri address, Uri registry) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && registry.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    /// <exception cref="InvalidDataException">It is longer.</exception>
    /// <exception cref="IOException">It is too slow: the time of an HTTP client ends with the headers.</exception>
    public static Task<byte[]> ReadAsync(HttpResponseMessage response, long limit, CancellationToken cancellationToken) =>
        ReadAsync(response, limit, DefaultGrace, cancellationToken);

    /// <inheritdoc cref="ReadAsync(HttpResponseMessage, long, CancellationToken)"/>
    /// <param name="grace">The time before the rate counts.</param>
    public static async Task<byte[]> ReadAsync(
        HttpResponseMessage response, long limit, TimeSpan grace, CancellationToken cancellationToken)
    {
        using MinimumRateTimeout timeout = new(grace, MinimumBytesPerSecond, TimeProvider.System, cancellationToken);
        try
        {
            return await ReadAsync(response, limit, timeout);
        }
        catch (OperationCanceledException slow) when (timeout.IsTooSlow && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException(
                $"The registry sends slower than {MinimumBytesPerSecond} bytes a second, or nothing for {grace.TotalSeconds:0} s.", slow);
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, long limit, MinimumRateTimeout timeout)
    {
        await using Stream body = await response.Content.ReadAsStreamAsync(timeout.Token);
        using MemoryStream content = new();
        byte[] part = new byte[1 << 16];
        for (int read; (read = await body.ReadAsync(part, timeout.Token)) > 0;)
        {
            if (content.Length + read > limit)
            {
                throw new InvalidDataException($"The registry sends more than the {limit} bytes that were expected.");
            }

            content.Write(part, 0, read);
            timeout.AddReceived(read);
        }

        return content.ToArray();
    }
}

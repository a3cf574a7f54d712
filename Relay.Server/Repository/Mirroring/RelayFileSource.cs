using System.Net;
using Shared.Contracts.Api;
using Shared.Platform.Timing;

namespace Relay.Server.Repository.Mirroring;

/// <summary>The repository that a relay serves. A relay that stops to answer, or answers drop by drop, is an error.</summary>
/// <param name="grace">The time of an answer before its rate counts.</param>
internal sealed class RelayFileSource(HttpClient http, TimeProvider timeProvider, TimeSpan grace) : IStaticFileSource
{
    /// <summary>As long as the connection and the first bytes may take.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(20);

    private const int MinimumBytesPerSecond = 16_384;
    private const int ChunkBytes = 65_536;
    private static readonly string Folder = Routes.Metadata[..Routes.Metadata.LastIndexOf('/')];

    public async Task<bool> CopyAsync(
        string path, long limit, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        using MinimumRateTimeout timeout = new(grace, MinimumBytesPerSecond, timeProvider, cancellationToken);
        try
        {
            return await CopyAsync(path, limit, take, timeout);
        }
        catch (OperationCanceledException slow) when (timeout.IsTooSlow && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException(
                $"The relay sent '{path}' slower than {MinimumBytesPerSecond} bytes a second, or nothing for {grace.TotalSeconds:0} s.", slow);
        }
    }

    private async Task<bool> CopyAsync(
        string path, long limit, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, MinimumRateTimeout timeout)
    {
        using HttpResponseMessage response = await http.GetAsync(
            $"{Folder}/{path}", HttpCompletionOption.ResponseHeadersRead, timeout.Token);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw new HttpRequestException(
                $"The relay answered {(int)response.StatusCode} for '{path}': it needs an API key of role node (--api-key), or a relay that " +
                    $"is served with --open-artifacts.");
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException($"The relay answered {(int)response.StatusCode} for '{path}'.");
        }

        await using Stream body = await response.Content.ReadAsStreamAsync(timeout.Token);
        byte[] chunk = new byte[ChunkBytes];
        long left = limit;
        while (await body.ReadAsync(chunk.AsMemory(0, (int)Math.Min(chunk.Length, left + 1)), timeout.Token) is > 0 and var got)
        {
            if (got > left)
            {
                throw new InvalidDataException($"'{path}' is longer than the {limit} bytes that it may have.");
            }

            left -= got;
            timeout.AddReceived(got);
            await take(chunk.AsMemory(0, got), timeout.Token);
        }

        return true;
    }
}

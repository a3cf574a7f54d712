using System.Buffers;
using System.Runtime.CompilerServices;
using Shared.Platform.Timing;

namespace Sync.Client.Transport;

/// <summary>Copies response bodies up to a limit, because a body may be endless, and a compressed one may become so: it reads one byte beyond the
/// limit at most, and unpacks no more.</summary>
internal static class BoundedBody
{
    private const int ChunkBytes = 65_536;

    /// <summary>Copies the body; false when it is longer than <paramref name="limit"/>. No byte beyond the limit is copied.</summary>
    /// <exception cref="TransientRequestException">The connection broke, or a compressed body is damaged: then an
    /// <see cref="InvalidDataException"/> is its cause.</exception>
    public static async Task<bool> CopyAsync(
        HttpContent content, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, long limit, MinimumRateTimeout timeout)
    {
        if (content.Headers.ContentLength > limit && content.Headers.ContentEncoding.Count == 0)
        {
            return false;
        }

        Stream body = CompressedBody.Open(content, await content.ReadAsStreamAsync(timeout.Token).ConfigureAwait(false));
        await using ConfiguredAsyncDisposable disposal = body.ConfigureAwait(false);
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            long left = limit;
            while (true)
            {
                int max = (int)Math.Min(chunk.Length, left + 1);
                int got = await ReadAsync(body, chunk.AsMemory(0, max), timeout.Token).ConfigureAwait(false);
                if (got == 0)
                {
                    return true;
                }

                if (got > left)
                {
                    return false;
                }

                left -= got;
                timeout.AddReceived(got);
                await take(chunk.AsMemory(0, got), timeout.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    // Around the read alone, so that a disk error is never classified as a network error.
    private static async ValueTask<int> ReadAsync(Stream body, Memory<byte> chunk, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(chunk, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new TransientRequestException(e.Message, e);
        }
    }
}

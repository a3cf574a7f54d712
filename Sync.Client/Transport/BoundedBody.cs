using System.Buffers;
using System.Runtime.CompilerServices;

namespace Sync.Client.Transport;

/// <summary>Reads bodies that may be endless: one byte over the limit is enough to stop.</summary>
internal static class BoundedBody
{
    private const int ChunkBytes = 65_536;

    /// <summary>Copies the body; false when it is longer than <paramref name="limit"/>, of which nothing beyond is taken.</summary>
    /// <exception cref="TransientFailure">The connection broke.</exception>
    public static async Task<bool> CopyAsync(
        HttpContent content, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, long limit, MinimumRateTimeout clock)
    {
        if (content.Headers.ContentLength > limit)
        {
            return false;
        }

        Stream body = await content.ReadAsStreamAsync(clock.Token).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable disposal = body.ConfigureAwait(false);
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            long left = limit;
            while (true)
            {
                int most = (int)Math.Min(chunk.Length, left + 1);
                int got = await ReadAsync(body, chunk.AsMemory(0, most), clock.Token).ConfigureAwait(false);
                if (got == 0)
                {
                    return true;
                }

                if (got > left)
                {
                    return false;
                }

                left -= got;
                clock.Received(got);
                await take(chunk.AsMemory(0, got), clock.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    // Here and not further out, so that an error of the disk is never taken for one of the network.
    private static async ValueTask<int> ReadAsync(Stream body, Memory<byte> chunk, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(chunk, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new TransientFailure(e.Message, e);
        }
    }
}

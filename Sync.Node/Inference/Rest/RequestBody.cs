using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Sync.Node.Inference.Tensors;

namespace Sync.Node.Inference.Rest;

/// <summary>The whole body of a request, in memory of the pool.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstBytes = 4096;
    private byte[] _buffer;
    private int _length;

    private RequestBody(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <exception cref="InferenceException">The body has more bytes than allowed.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, int maximumBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maximumBytes)
        {
            throw TooLarge(maximumBytes);
        }

        // No more is taken than has arrived, whatever the header promises.
        RequestBody body = new((int)Math.Min(request.ContentLength ?? FirstBytes, FirstBytes));
        try
        {
            while (true)
            {
                ReadResult result = await request.BodyReader.ReadAsync(cancellationToken);
                if (body._length + result.Buffer.Length > maximumBytes)
                {
                    throw TooLarge(maximumBytes);
                }

                body.Append(result.Buffer);
                request.BodyReader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return body;
                }
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private static InferenceException TooLarge(int maximumBytes) => new(
        InferenceFault.TooLarge, $"the body has more than {maximumBytes} bytes: send fewer rows at a time, or raise --max-body-mib");

    private void Append(ReadOnlySequence<byte> bytes)
    {
        int needed = _length + (int)bytes.Length;
        if (needed > _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _buffer.Length * 2));
            Bytes.Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length = needed;
    }
}

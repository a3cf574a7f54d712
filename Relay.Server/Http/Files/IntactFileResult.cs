using System.IO.Pipelines;
using Microsoft.Net.Http.Headers;
using Microsoft.Win32.SafeHandles;
using Relay.Server.Storage;

namespace Relay.Server.Http.Files;

/// <summary>An answer with a file. What nodes ask for most, whether a file has changed and a whole file, is answered without the general reader of
/// conditions and ranges.</summary>
/// <param name="path">Where the file is.</param>
/// <param name="isImmutable">True: it has a time, and a part of it can be asked for.</param>
internal sealed class IntactFileResult(string path, IntactFile file, string contentType, bool isImmutable) : IResult
{
    /// <summary>What a slow client makes the relay hold; four TLS records.</summary>
    public const int ChunkBytes = 64 * 1024;

    /// <summary>Bytes of the whole file.</summary>
    public long Length => file.Length;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        IHeaderDictionary headers = httpContext.Request.Headers;
        if (headers.IfMatch.Count == 0 && headers.IfUnmodifiedSince.Count == 0 && headers.IfModifiedSince.Count == 0)
        {
            if (headers.IfNoneMatch.Count == 1 && headers.IfNoneMatch[0] == file.EntityTag)
            {
                Describe(httpContext.Response);
                httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }

            if (headers.IfNoneMatch.Count == 0 && headers.Range.Count == 0 && HttpMethods.IsGet(httpContext.Request.Method))
            {
                return SendAsync(httpContext.Response);
            }
        }

        return General().ExecuteAsync(httpContext);
    }

    private IResult General()
    {
        EntityTagHeaderValue tag = new(file.EntityTag);
        DateTimeOffset? writtenAt = isImmutable ? file.WrittenAt : null;
        return file.Content is { } content
            ? TypedResults.Bytes(content, contentType, null, isImmutable, writtenAt, tag)
            : TypedResults.PhysicalFile(path, contentType, null, writtenAt, tag, isImmutable);
    }

    private void Describe(HttpResponse response)
    {
        response.Headers.ETag = file.EntityTag;
        if (isImmutable)
        {
            response.Headers.LastModified = file.LastModified;
        }
    }

    private async Task SendAsync(HttpResponse response)
    {
        Describe(response);
        response.ContentType = contentType;
        response.ContentLength = file.Length;
        if (isImmutable)
        {
            response.Headers.AcceptRanges = "bytes";
        }

        using SafeFileHandle? handle = file.Content is null ? File.OpenHandle(path) : null;
        await response.StartAsync();
        for (long sent = 0; sent < file.Length;)
        {
            sent += handle is null ? Copy(file.Content.AsSpan((int)sent), response.BodyWriter) : Read(handle, sent, response.BodyWriter);
            if (await response.BodyWriter.FlushAsync() is { IsCompleted: true } or { IsCanceled: true })
            {
                // The client has gone.
                return;
            }
        }
    }

    private static int Copy(ReadOnlySpan<byte> rest, PipeWriter body)
    {
        ReadOnlySpan<byte> chunk = rest[..Math.Min(rest.Length, ChunkBytes)];
        chunk.CopyTo(body.GetSpan(chunk.Length));
        body.Advance(chunk.Length);
        return chunk.Length;
    }

    // On this thread: the platform would read on another of the same pool, which waits for the disk as well.
    private int Read(SafeFileHandle handle, long offset, PipeWriter body)
    {
        int length = (int)Math.Min(file.Length - offset, ChunkBytes);
        int read = RandomAccess.Read(handle, body.GetSpan(length)[..length], offset);
        body.Advance(read);
        return read > 0 ? read : throw new EndOfStreamException($"The file '{path}' has become shorter while it was sent.");
    }
}

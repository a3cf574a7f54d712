using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Relay.WebConsole.Routing;

/// <summary>Writes an answer compressed, where the browser takes that.</summary>
internal static class TextCompression
{
    /// <summary>Below this, compression saves no packet.</summary>
    private const int MinimumBytes = 1_000;

    public static async Task WriteAsync(HttpContext context, byte[] bytes)
    {
        HttpResponse response = context.Response;
        string accepted = context.Request.Headers.AcceptEncoding.ToString();
        response.Headers.Append("Vary", "Accept-Encoding");
        if (bytes.Length >= MinimumBytes && accepted.Contains("br", StringComparison.Ordinal))
        {
            response.Headers.ContentEncoding = "br";
            bytes = Compress(bytes, to => new BrotliStream(to, new BrotliCompressionOptions { Quality = 4 }, leaveOpen: true));
        }
        else if (bytes.Length >= MinimumBytes && accepted.Contains("gzip", StringComparison.Ordinal))
        {
            response.Headers.ContentEncoding = "gzip";
            bytes = Compress(bytes, to => new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true));
        }

        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    private static byte[] Compress(byte[] bytes, Func<Stream, Stream> compressor)
    {
        using MemoryStream compressed = new();
        using (Stream stream = compressor(compressed))
        {
            stream.Write(bytes);
        }

        return compressed.ToArray();
    }
}

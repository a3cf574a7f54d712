using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Layout;

namespace Relay.WebConsole.Assets;

/// <summary>The style sheet, the script and the icon, which are part of the program. Each has a hash in its path, so that a browser keeps it until
/// the next version of the relay.</summary>
public sealed class AssetFiles
{
    private const string Prefix = "console/";
    private const int HashBytes = 6;

    private readonly FrozenDictionary<string, Asset> _byName;
    private readonly FrozenDictionary<string, Asset> _byPath;

    public AssetFiles()
    {
        _byName = typeof(AssetFiles).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => Read(name[Prefix.Length..]))
            .ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);
        _byPath = _byName.Values.ToFrozenDictionary(asset => asset.Path, StringComparer.Ordinal);
    }

    public string PathOf(string name) => _byName[name].Path;

    internal void Map(IEndpointRouteBuilder console) => console.MapGet("/assets/{file}", context => AnswerAsync(context));

    private async Task AnswerAsync(HttpContext context)
    {
        if (!_byPath.TryGetValue(context.Request.Path, out Asset? asset))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        bool isCompressed = context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        HttpResponse response = context.Response;
        response.ContentType = asset.ContentType;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.Vary = "Accept-Encoding";
        response.Headers.ContentEncoding = isCompressed ? "br" : default;
        byte[] bytes = isCompressed ? asset.Compressed : asset.Bytes;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static Asset Read(string name)
    {
        using Stream stream = typeof(AssetFiles).Assembly.GetManifestResourceStream(Prefix + name)!;
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        byte[] bytes = copy.ToArray();
        using MemoryStream compressed = new();
        using (BrotliStream brotli = new(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            brotli.Write(bytes);
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, HashBytes));
        string extension = Path.GetExtension(name);
        return new Asset(
            name, $"{ConsolePaths.Assets}/{Path.GetFileNameWithoutExtension(name)}.{hash}{extension}",
            extension switch { ".css" => "text/css; charset=utf-8", ".js" => "text/javascript; charset=utf-8", _ => "image/svg+xml" },
            bytes, compressed.ToArray());
    }

    private sealed record Asset(string Name, string Path, string ContentType, byte[] Bytes, byte[] Compressed);
}

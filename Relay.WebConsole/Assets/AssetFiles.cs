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
            .Select(name => new Asset(name[Prefix.Length..], Read(name)))
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
        byte[] bytes = isCompressed ? asset.Compressed.Value : asset.Bytes;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static byte[] Read(string resource)
    {
        using Stream stream = typeof(AssetFiles).Assembly.GetManifestResourceStream(resource)!;
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static byte[] Compress(byte[] bytes)
    {
        using MemoryStream compressed = new();
        using (BrotliStream brotli = new(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            brotli.Write(bytes);
        }

        return compressed.ToArray();
    }

    private sealed class Asset(string name, byte[] bytes)
    {
        public string Name { get; } = name;

        public string Path { get; } =
            $"{ConsolePaths.Assets}/{System.IO.Path.GetFileNameWithoutExtension(name)}.{Hash(bytes)}{System.IO.Path.GetExtension(name)}";

        public string ContentType { get; } = System.IO.Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        };

        public byte[] Bytes { get; } = bytes;

        /// <summary>Made for the first browser: a relay that shows no console starts without it.</summary>
        public Lazy<byte[]> Compressed { get; } = new(() => Compress(bytes));

        private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, HashBytes));
    }
}

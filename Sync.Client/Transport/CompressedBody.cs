using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Net.Http.Headers;

namespace Sync.Client.Transport;

/// <summary>Compressed bodies. A client that asks for one unpacks it as it comes and stops at the signed length, so that a small body cannot become a
/// huge one; what is unpacked is verified as if it had come as it is.</summary>
internal static class CompressedBody
{
    private const string Encoding = "gzip";

    /// <summary>False where an app is built without it.</summary>
#if NET9_0_OR_GREATER
    [FeatureSwitchDefinition("Sync.Client.Transport.CompressedBody.IsSupported")]
#endif
    public static bool IsSupported { get; } =
        !AppContext.TryGetSwitch("Sync.Client.Transport.CompressedBody.IsSupported", out bool isSupported) || isSupported;

    /// <summary>Lets the server send a compressed body.</summary>
    public static void Accept(HttpRequestMessage request)
    {
        if (IsSupported)
        {
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(Encoding));
        }
    }

    /// <summary>True for a body that is sent as it is, and for a compressed one that was asked for.</summary>
    public static bool CanRead(HttpResponseMessage response) =>
        response.Content.Headers.ContentEncoding.Count == 0
        || (IsCompressed(response.Content) && response.RequestMessage?.Headers.AcceptEncoding.Count > 0);

    /// <summary>The bytes that the server has, whether it compressed them or not. Reading throws <see cref="InvalidDataException"/> where it sent no
    /// such body.</summary>
    public static Stream Open(HttpContent content, Stream body) =>
        IsSupported && IsCompressed(content) ? new GZipStream(body, CompressionMode.Decompress) : body;

    private static bool IsCompressed(HttpContent content) =>
        content.Headers.ContentEncoding is { Count: 1 } encodings && encodings.Single() == Encoding;
}

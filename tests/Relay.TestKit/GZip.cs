using System.IO.Compression;

namespace Relay.TestKit;

/// <summary>Packs and unpacks in the format gzip (RFC 1952).</summary>
public static class GZip
{
    public static byte[] Pack(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream packer = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            packer.Write(content);
        }

        return packed.ToArray();
    }

    public static byte[] Unpack(byte[] packed)
    {
        using GZipStream unpacker = new(new MemoryStream(packed), CompressionMode.Decompress);
        using MemoryStream content = new();
        unpacker.CopyTo(content);
        return content.ToArray();
    }
}

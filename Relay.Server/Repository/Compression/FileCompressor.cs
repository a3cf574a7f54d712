using System.IO.Compression;
using System.Security.Cryptography;
using Relay.Server.Storage;

namespace Relay.Server.Repository.Compression;

/// <summary>Compresses a file whose bytes are the right ones.</summary>
internal static class FileCompressor
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>A copy that saves less than a fifth is not worth the work of those who unpack it.</summary>
    private const double WorthwhileShare = 0.8;

    /// <summary>The compressed bytes, with a tag of their own. Null where they would be more than <paramref name="limit"/>, or not many fewer than
    /// those of the file.</summary>
    /// <exception cref="InvalidDataException">The file has changed since it was checked.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IntactFile? Compress(string path, IntactFile file, long limit, CancellationToken cancellationToken)
    {
        long most = Math.Min(limit, (long)(file.Length * WorthwhileShare));
        using MemoryStream packed = new();
        using (FileStream source = File.OpenRead(path))
        using (IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        using (GZipStream packer = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] buffer = new byte[BufferBytes];
            for (int read; (read = source.Read(buffer)) > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
                packer.Write(buffer, 0, read);
                if (packed.Length > most)
                {
                    return null;
                }
            }

            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Tag)
            {
                throw new InvalidDataException($"The file '{path}' changed while it was read.");
            }
        }

        byte[] content = packed.ToArray();
        return content.Length > most
            ? null
            : new(Convert.ToHexStringLower(SHA256.HashData(content)), content.Length, file.WrittenAt, content);
    }
}

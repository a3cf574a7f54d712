using Shared.Platform.Files;

namespace Relay.Server.Repository.Mirroring;

/// <summary>A repository in a folder: that of a relay, which may run meanwhile, or a copy of one.</summary>
internal sealed class FolderFileSource(string folder) : IStaticFileSource
{
    private const int ChunkBytes = 65_536;

    public async Task<bool> CopyAsync(
        string path, long limit, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        await using FileStream? file = Open(path, limit);
        if (file is null)
        {
            return false;
        }

        byte[] chunk = new byte[ChunkBytes];
        long left = file.Length;
        while (left > 0 && await file.ReadAsync(chunk.AsMemory(0, (int)Math.Min(chunk.Length, left)), cancellationToken) is > 0 and var got)
        {
            left -= got;
            await take(chunk.AsMemory(0, got), cancellationToken);
        }

        return true;
    }

    /// <summary>Null where there is no such file.</summary>
    /// <exception cref="InvalidDataException">It is longer than <paramref name="limit"/> bytes, or outside the folder.</exception>
    public FileStream? Open(string path, long limit)
    {
        string full = FolderPath.Combine(folder, path);
        try
        {
            // A rename may replace the file meanwhile; an open file stays complete.
            FileStream file = new(full, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (file.Length <= limit)
            {
                return file;
            }

            file.Dispose();
            throw new InvalidDataException($"'{full}' is longer than the {limit} bytes that it may have.");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}

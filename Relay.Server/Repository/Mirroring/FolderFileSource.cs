namespace Relay.Server.Repository.Mirroring;

/// <summary>A repository in a folder: that of a relay, which may run meanwhile, or a copy of one.</summary>
internal sealed class FolderFileSource(string folder) : IStaticFileSource
{
    public async Task<byte[]?> ReadAsync(string path, long limit, CancellationToken cancellationToken)
    {
        string full = Path.Combine(folder, path);
        try
        {
            // A rename may replace the file meanwhile; an open file stays complete.
            await using FileStream file = new(full, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (file.Length > limit)
            {
                throw new InvalidDataException($"'{full}' is longer than the {limit} bytes that it may have.");
            }

            byte[] content = new byte[file.Length];
            await file.ReadExactlyAsync(content, cancellationToken);
            return content;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}

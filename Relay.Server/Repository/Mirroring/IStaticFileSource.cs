namespace Relay.Server.Repository.Mirroring;

/// <summary>The static files of a repository somewhere, by their paths (<c>metadata/...</c>, <c>targets/...</c>).</summary>
internal interface IStaticFileSource
{
    /// <summary>Hands over a file part by part, so that a large one is never whole in memory. False where there is none.</summary>
    /// <exception cref="InvalidDataException">It is longer than <paramref name="limit"/> bytes. No byte beyond them is handed over.</exception>
    /// <exception cref="IOException">It arrives too slowly.</exception>
    Task<bool> CopyAsync(
        string path, long limit, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, CancellationToken cancellationToken);
}

internal static class StaticFileSourceExtensions
{
    /// <summary>The whole file; null where there is none. For files that are small by their limit.</summary>
    /// <exception cref="InvalidDataException">It is longer than <paramref name="limit"/> bytes.</exception>
    public static async Task<byte[]?> ReadAsync(this IStaticFileSource files, string path, long limit, CancellationToken cancellationToken)
    {
        using MemoryStream content = new();
        return await files.CopyAsync(path, limit, content.WriteAsync, cancellationToken) ? content.ToArray() : null;
    }
}

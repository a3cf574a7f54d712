namespace Relay.Server.Repository.Mirroring;

/// <summary>The static files of a repository somewhere, by their paths (<c>metadata/...</c>, <c>targets/...</c>).</summary>
internal interface IStaticFileSource
{
    /// <summary>The whole file; null where there is none.</summary>
    /// <exception cref="InvalidDataException">It is longer than <paramref name="limit"/> bytes.</exception>
    Task<byte[]?> ReadAsync(string path, long limit, CancellationToken cancellationToken);
}

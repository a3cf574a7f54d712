using Relay.Server.Repository.Mirroring;

namespace Relay.Server.Tests.Repository.Mirroring;

/// <summary>Tells of each part that a source hands over.</summary>
internal sealed class HandedOverParts(IStaticFileSource files, Action<string, int> seen) : IStaticFileSource
{
    public Task<bool> CopyAsync(
        string path, long limit, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, CancellationToken cancellationToken) =>
        files.CopyAsync(
            path,
            limit,
            (part, stop) =>
            {
                seen(path, part.Length);
                return take(part, stop);
            },
            cancellationToken);
}

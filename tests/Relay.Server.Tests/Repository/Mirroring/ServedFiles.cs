using Relay.Server.Repository.Mirroring;
using Relay.TestKit.Trust;

namespace Relay.Server.Tests.Repository.Mirroring;

/// <summary>What a stolen relay serves.</summary>
internal sealed class ServedFiles(MisbehavingRepository repository) : IStaticFileSource
{
    public async Task<bool> CopyAsync(
        string path, long limit, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        if (repository.Serve(path) is not { } content)
        {
            return false;
        }

        if (content.Length > limit)
        {
            throw new InvalidDataException("longer than the limit");
        }

        await take(content, cancellationToken);
        return true;
    }
}

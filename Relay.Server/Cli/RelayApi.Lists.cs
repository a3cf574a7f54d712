using System.Text.Json.Serialization.Metadata;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

internal sealed partial class RelayApi
{
    /// <summary>All items of a list, page by page.</summary>
    public IAsyncEnumerable<T> ListAsync<T>(string path, JsonTypeInfo<Page<T>> type, CancellationToken cancellationToken) =>
        transport.ListAsync(path, type, cancellationToken);

    /// <summary>Prints all items of a list, each as one line.</summary>
    /// <returns>Their number.</returns>
    public async Task<int> WriteListAsync<T>(
        string path, JsonTypeInfo<Page<T>> type, Func<T, string> describe, TextWriter output, CancellationToken cancellationToken)
    {
        int count = 0;
        await foreach (T item in ListAsync(path, type, cancellationToken))
        {
            await output.WriteLineAsync(describe(item));
            count++;
        }

        return count;
    }
}

using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

internal sealed partial class RelayApi
{
    /// <summary>All items of a list, page by page.</summary>
    public async IAsyncEnumerable<T> ListAsync<T>(
        string path, JsonTypeInfo<Page<T>> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            Page<T> page = await GetAsync(cursor is null ? path : WithCursor(path, cursor), type, cancellationToken);
            foreach (T item in page.Items)
            {
                yield return item;
            }

            cursor = page.Next;
        }
        while (cursor is not null);
    }

    private static string WithCursor(string path, string cursor) =>
        $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={Uri.EscapeDataString(cursor)}";

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

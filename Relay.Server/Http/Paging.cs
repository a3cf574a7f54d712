using Shared.Contracts.Api;

namespace Relay.Server.Http;

/// <summary>Cursor paging: the cursor is the key of the last item, so that added items do not shift pages.</summary>
internal static class Paging
{
    private const int DefaultLimit = 50;
    private const int MaximumLimit = 200;

    public static int Limit(int? requested) => Math.Clamp(requested ?? DefaultLimit, 1, MaximumLimit);

    /// <param name="found">Up to limit + 1 items: the extra one shows that there is a next page.</param>
    public static Page<T> ToPage<T>(IReadOnlyList<T> found, int limit, Func<T, string> key) =>
        found.Count > limit ? new Page<T>([.. found.Take(limit)], key(found[limit - 1])) : new Page<T>(found, null);
}

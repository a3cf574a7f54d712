using Shared.Contracts.Api;

namespace Relay.Server.Http;

/// <summary>Lists page by cursor: the cursor is the key of the last item, so pages hold still while items are added.</summary>
internal static class Paging
{
    private const int DefaultLimit = 50;
    private const int MaximumLimit = 200;

    public static int Limit(int? asked) => Math.Clamp(asked ?? DefaultLimit, 1, MaximumLimit);

    /// <param name="found">Up to limit + 1 items: the one too many says that there is a next page.</param>
    public static Page<T> Of<T>(IReadOnlyList<T> found, int limit, Func<T, string> key) =>
        found.Count > limit ? new Page<T>([.. found.Take(limit)], key(found[limit - 1])) : new Page<T>(found, null);
}

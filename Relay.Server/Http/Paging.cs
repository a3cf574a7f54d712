using Shared.Contracts.Api;

namespace Relay.Server.Http;

/// <summary>Cursor paging: the cursor is the key of the last item, so that added items do not shift pages.</summary>
internal static class Paging
{
    private const int DefaultLimit = 50;
    private const int MaximumLimit = 200;
    private const int ScanBatch = 500;

    /// <summary>The items that one request looks at for a filter that the database cannot apply.</summary>
    private const int MaximumScanned = 20_000;

    public static int Limit(int? requested) => Math.Clamp(requested ?? DefaultLimit, 1, MaximumLimit);

    /// <summary>The limit of a list that is short.</summary>
    public static int LimitOfShort(bool isFirst, int? requested) => isFirst && requested is null ? int.MaxValue - 1 : Limit(requested);

    /// <param name="found">Up to limit + 1 items: the extra one shows that there is a next page.</param>
    public static Page<T> ToPage<T>(IReadOnlyList<T> found, int limit, Func<T, string> key) =>
        found.Count > limit ? new Page<T>([.. found.Take(limit)], key(found[limit - 1])) : new Page<T>(found, null);

    /// <summary>A page of a list that is short and in memory. Who asks for no page gets all of it, as from relays before it had pages. Where the item
    /// of the cursor is gone, the list begins anew: none is left out.</summary>
    public static Page<T> Slice<T>(IReadOnlyList<T> all, string? cursor, int? limit, Func<T, string> key)
    {
        int size = LimitOfShort(cursor is null, limit);
        int start = cursor is null ? 0 : all.TakeWhile(item => key(item) != cursor).Count() + 1;
        return ToPage([.. all.Skip(start > all.Count ? 0 : start).Take(size + 1)], size, key);
    }

    /// <summary>A page of the items that fit, of a list that is read in parts. Where few fit, it may have fewer items than asked for, and a
    /// next page.</summary>
    /// <param name="read">Reads so many items after one; null: from the cursor of the request.</param>
    public static Page<T> Scan<T>(int? limit, Func<T?, int, IReadOnlyList<T>> read, Func<T, bool> fits, Func<T, string> key)
        where T : class
    {
        int size = Limit(limit);
        List<T> found = [];
        T? last = null;

        // Most lists have no such filter: their first part is the page.
        for (int scanned = 0, batch = size + 1; scanned < MaximumScanned; scanned += batch, batch = ScanBatch)
        {
            IReadOnlyList<T> part = read(last, batch);
            found.AddRange(part.Where(fits));
            if (found.Count > size || part.Count < batch)
            {
                return ToPage(found, size, key);
            }

            last = part[^1];
        }

        return new Page<T>(found, key(last!));
    }
}

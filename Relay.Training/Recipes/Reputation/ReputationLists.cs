using System.Net;
using Shared.Contracts.Addresses;

namespace Relay.Training.Recipes.Reputation;

/// <summary>The lists of a recipe, read and reconciled: an address that is allowed is on no list of bad ones.</summary>
internal sealed class ReputationLists
{
    private readonly AddressList _bad;

    private ReputationLists(AddressList bad, AddressList? older, AddressList allow, IReadOnlyList<(string Name, AddressList List)> known)
    {
        _bad = bad;
        Allowed = allow.ToSet();
        AllowedList = allow;
        Singles = [.. bad.Singles.Where(a => !Allowed.Contains(a)).Order()];
        Ranges = AddressSet.Create(bad.Ranges).Except(Allowed);
        V6 = [.. bad.V6.Where(a => !allow.V6.Contains(a) && !allow.V6Ranges.Contains(IPAddress.Parse(a))).Order(StringComparer.Ordinal)];
        Listed = AddressSet.Create(Singles.Select(a => new AddressRange(a, a)).Concat(Ranges.Ranges));
        Older = older?.ToSet();
        Learned = Older is null ? ToLearn(Singles, Ranges) : ToLearn(older!.Singles, AddressSet.Create(older.Ranges));
        Known = [.. known.Select(k => (k.Name, k.List.ToSet()))];
        Notes =
        [
            .. Describe("bad", bad), .. older is null ? [] : Describe("older", older),
            .. Describe("allow", allow, "ranges of IPv6 are not looked up: bad IPv6 addresses in them are left out"),
            .. known.SelectMany(k => Describe(k.Name, k.List)), .. DescribeContradictions(),
        ];
    }

    /// <summary>Single bad addresses of the newest lists, in order.</summary>
    public IReadOnlyList<uint> Singles { get; }

    /// <summary>Bad ranges of the newest lists.</summary>
    public AddressSet Ranges { get; }

    public IReadOnlyList<string> V6 { get; }

    /// <summary>All bad addresses of the newest lists.</summary>
    public AddressSet Listed { get; }

    /// <summary>All addresses of earlier lists; null where there are none.</summary>
    public AddressSet? Older { get; }

    /// <summary>The bad addresses to learn from, in order: single ones, and one for each /24 that a range touches.</summary>
    public IReadOnlyList<uint> Learned { get; }

    public AddressSet Allowed { get; }

    public AddressList AllowedList { get; }

    public IReadOnlyList<(string Name, AddressSet Set)> Known { get; }

    /// <summary>What was found and left out, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <exception cref="TrainingException">A file cannot be read, or lines are faulty: all are named.</exception>
    public static ReputationLists Read(ReputationSources sources)
    {
        AddressListReader reader = new(sources.MinimumCount);
        AddressList bad = reader.Read(sources.Bad);
        AddressList? older = sources.Older.Count == 0 ? null : reader.Read(sources.Older);
        AddressListReader plain = new(0);
        AddressList allow = plain.Read(sources.Allow);
        (string, AddressList)[] known = [.. sources.Known.Select(k => (k.Name, plain.Read([k.Path])))];
        AddressListReader.RequireNoFaults(reader, plain);
        return new ReputationLists(bad, older, allow, known);
    }

    private uint[] ToLearn(IEnumerable<uint> singles, AddressSet ranges) =>
    [
        .. singles.Concat(ranges.Ranges.SelectMany(OneOfEach24))
            .Where(a => PublicAddressSpace.Contains(a) && !Allowed.Contains(a)).Distinct().Order(),
    ];

    private static IEnumerable<uint> OneOfEach24(AddressRange range)
    {
        for (ulong next = range.First; next <= range.Last; next = (next | 255) + 1)
        {
            yield return (uint)next;
        }
    }

    private static IEnumerable<string> Describe(
        string name, AddressList list, string ofV6Ranges = "ranges of IPv6 are left out: only single IPv6 addresses are looked up")
    {
        if (list.Entries == 0)
        {
            yield break;
        }

        yield return
            $"{name}: {list.Entries} entries; {list.Singles.Count} IPv4 addresses, {list.Ranges.Count} ranges, {list.V6.Count} IPv6 addresses";
        long inRanges = list.Ranges.Sum(r => r.Count);
        long overlap = inRanges - AddressSet.Create(list.Ranges).Count + list.Singles.LongCount(AddressSet.Create(list.Ranges).Contains);
        (long Count, string What)[] found =
        [
            (list.Duplicates, "entries occur twice and count once"),
            (overlap, "addresses stand in two entries and count once in look-ups"),
            (list.NotPublic, "entries are private or reserved and left out"),
            (list.BelowMinimum, "entries are named by too few blocklists and left out"),
            (list.V6Ranges.Count, ofV6Ranges),
        ];
        foreach ((long count, string what) in found.Where(f => f.Count > 0))
        {
            yield return $"{name}: {count} {what}";
        }
    }

    private IEnumerable<string> DescribeContradictions()
    {
        long contradictory = _bad.ToSet().Count - Listed.Count + (_bad.V6.Count - V6.Count);
        if (contradictory > 0)
        {
            yield return $"{contradictory} addresses are bad and allowed: the allow list wins";
        }
    }
}

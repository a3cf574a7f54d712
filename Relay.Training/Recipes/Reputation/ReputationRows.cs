using Relay.Training.Engines.Common;
using Shared.Contracts.Addresses;

namespace Relay.Training.Recipes.Reputation;

/// <summary>Makes rows of lists. The benign class is random public addresses, because nearly all of them are: what lists of well-known hosts lack is
/// any likeness to the addresses that ask. Bad rows weigh as much as the base rate says, so that probabilities are those of that base rate.</summary>
internal sealed class ReputationRows
{
    public const string Public = "random public address";
    public const string Later = "listed later";
    public const string HeldOutAddress = "listed, address held out";
    public const string HeldOutNetwork = "listed, network held out";

    /// <summary>Of rows that carry an entry of a list, and that nothing is to be learned from.</summary>
    private const double NoWeight = 1e-30;

    private const ulong Seed = 42;
    private const int MinLearned = 100;
    private const int MinHeldOut = 20;

    private static readonly AddressSet PublicSpace =
        AddressSet.Create(PublicAddressSpace.Ranges.Select(r => new AddressRange(r.First, r.Last)));

    private static readonly int[] CoverLengths = [32, .. AddressFeatures.Ranges];

    private readonly ReputationSources _sources;
    private readonly ReputationLists _lists;
    private readonly HoldOut _heldOut;
    private readonly uint[] _learned;

    /// <exception cref="TrainingException">There are too few addresses to learn from.</exception>
    public ReputationRows(ReputationSources sources, ReputationLists lists)
    {
        (_sources, _lists, _heldOut) = (sources, lists, new HoldOut(sources.HeldOutPrefix));
        _learned = [.. lists.Learned.Where(a => !_heldOut.HasNetworkOf(a) && (lists.Older is not null || !_heldOut.HasAddress(a)))];
        if (_learned.Length < MinLearned)
        {
            throw new TrainingException(
                TrainingFault.TooFewRows, $"the lists have {_learned.Length} addresses to learn from, expected {MinLearned} at least");
        }
    }

    public IEnumerable<ReputationRow> Training()
    {
        uint[] benign = [.. Draw(PublicSpace, _sources.PublicRows, 1).Where(a => !_heldOut.HasNetworkOf(a))];
        double weight = _sources.BaseRate / (1 - _sources.BaseRate) * benign.Length / _learned.Length;
        HashSet<uint> singles = [.. _lists.Singles];
        foreach (uint address in _learned)
        {
            string[] cells = Learned(address);
            cells[0] = singles.Remove(address) ? AddressText.Write(address) : "";
            yield return new ReputationRow(cells, ReputationRow.Bad, weight, "listed");
        }

        foreach (uint address in benign)
        {
            yield return new ReputationRow(Learned(address), ReputationRow.Good, 1, Public);
        }

        foreach (string[] cells in singles.Order().Select(LookUp).Concat(_lists.Ranges.Ranges.SelectMany(LookUp)).Concat(_lists.V6.Select(LookUp)))
        {
            yield return new ReputationRow(cells, ReputationRow.Bad, NoWeight, "list");
        }

        foreach (string[] cells in _lists.Allowed.Ranges.SelectMany(LookUp)
            .Concat(_lists.AllowedList.V6.Order(StringComparer.Ordinal).Select(LookUp)))
        {
            yield return new ReputationRow(cells, ReputationRow.Good, NoWeight, "allow list");
        }
    }

    /// <summary>The lowest base rate that so many held-out rows can have.</summary>
    public static double LowestBaseRate(ReputationSources sources) => 2.0 * MinHeldOut / sources.MaxHeldOutRows;

    /// <summary>Rows without the columns that are looked up: what is measured is what the model says of addresses on no list. They have
    /// the base rate, and are drawn before the first one is read.</summary>
    /// <exception cref="TrainingException">There are too few addresses to hold out.</exception>
    public IEnumerable<ReputationRow> HeldOut()
    {
        double odds = _sources.BaseRate / (1 - _sources.BaseRate);
        (string Source, uint[] Addresses)[] known = [.. _lists.Known.Select((k, i) => (k.Name, Sample(k.Set, 3 + i)))];
        int publicRows = Math.Max(_sources.HeldOutRows, (int)Math.Ceiling(2 * MinHeldOut / odds) - known.Sum(k => k.Addresses.Length));
        (string Source, uint[] Addresses)[] good = [(Public, [.. Draw(PublicSpace, publicRows, 2)]), .. known];
        int goodRows = good.Sum(g => g.Addresses.Length);
        int each = (int)Math.Max(MinHeldOut, odds * goodRows / 2);
        IEnumerable<uint> others = _lists.Older is { } older
            ? _lists.Singles.Where(a => !_heldOut.HasNetworkOf(a) && !older.Contains(a))
            : _lists.Singles.Where(a => !_heldOut.HasNetworkOf(a) && _heldOut.HasAddress(a));
        (string Source, uint[] Addresses)[] bad =
        [
            (_lists.Older is null ? HeldOutAddress : Later, [.. HoldOut.Draw(others, each, 3)]),
            (HeldOutNetwork, [.. HoldOut.Draw(_lists.Singles.Where(_heldOut.HasNetworkOf), each, 4)]),
        ];
        int badRows = bad.Sum(b => b.Addresses.Length);
        if (badRows < MinHeldOut)
        {
            throw new TrainingException(
                TrainingFault.TooFewRows,
                $"the lists have {badRows} addresses to hold out, expected {MinHeldOut} at least: give longer lists of single addresses "
                + "(ranges alone are not enough)");
        }

        if (badRows < 2 * each)
        {
            double kept = badRows / (odds * goodRows);
            good = [.. good.Select(g => (g.Source, HoldOut.Draw(g.Addresses, (int)Math.Round(kept * g.Addresses.Length), 5).ToArray()))];
        }

        return good.SelectMany(g => g.Addresses.Select(a => new ReputationRow(Learned(a), ReputationRow.Good, 1, g.Source)))
            .Concat(bad.SelectMany(b => b.Addresses.Select(a => new ReputationRow(Learned(a), ReputationRow.Bad, 1, b.Source))));
    }

    private uint[] Sample(AddressSet known, int turn) =>
        known.Count <= _sources.KnownRows
            ? [.. known.Ranges.SelectMany(Each).Where(IsUnlisted)]
            : [.. DrawFromRanges(known, _sources.KnownRows, turn).Distinct()];

    private static IEnumerable<uint> Each(AddressRange range)
    {
        for (long i = 0; i < range.Count; i++)
        {
            yield return (uint)(range.First + i);
        }
    }

    // Without those on lists: a look-up answers for them.
    private IEnumerable<uint> Draw(AddressSet from, int count, int turn)
    {
        RandomStream random = new(Seed, turn);
        for (int i = 0; i < count; i++)
        {
            uint address = from.At(random.Below(from.Count));
            if (IsUnlisted(address))
            {
                yield return address;
            }
        }
    }

    // Each range alike: by addresses, a few large ones would be nearly all.
    private IEnumerable<uint> DrawFromRanges(AddressSet from, int count, int turn)
    {
        RandomStream random = new(Seed, turn);
        for (int i = 0; i < count; i++)
        {
            AddressRange range = from.Ranges[random.Below(from.Ranges.Count)];
            uint address = (uint)(range.First + random.Below(range.Count));
            if (IsUnlisted(address))
            {
                yield return address;
            }
        }
    }

    private bool IsUnlisted(uint address) =>
        PublicAddressSpace.Contains(address) && !_lists.Listed.Contains(address) && !_lists.Allowed.Contains(address);

    private static string[] Learned(uint address)
    {
        string[] cells = AddressFeatures.Extract(address);
        cells.AsSpan(0, AddressFeatures.FirstLearned).Fill("");
        return cells;
    }

    private static IEnumerable<string[]> LookUp(AddressRange range) => range.Cover(CoverLengths).Select(network =>
    {
        string[] cells = AddressFeatures.CreateEmpty();
        cells[network.Length == 32 ? 0 : 1 + AddressFeatures.Ranges.ToList().IndexOf(network.Length)] =
            network.Length == 32 ? AddressText.Write(network.Network) : AddressText.WriteNetwork(network.Network, network.Length);
        return cells;
    });

    private static string[] LookUp(uint address) => LookUp(AddressText.Write(address));

    private static string[] LookUp(string address)
    {
        string[] cells = AddressFeatures.CreateEmpty();
        cells[0] = address;
        return cells;
    }
}

using Relay.Training.Engines.Common;

namespace Relay.Training.Recipes.Reputation;

/// <summary>Which addresses nothing is learned from, by a hash: the same ones on every machine and in every retraining.</summary>
/// <param name="prefix">Bits of the networks that are held out as a whole.</param>
internal sealed class HoldOut(int prefix)
{
    public const double NetworkShare = 0.05;
    public const double AddressShare = 0.1;
    private const ulong Seed = 42;

    private readonly HashSampler _networks = new(Seed, 1, NetworkShare);
    private readonly HashSampler _addresses = new(Seed, 2, AddressShare);

    public bool HasNetworkOf(uint address) => _networks.Draws(address >> (32 - prefix));

    /// <summary>Of addresses in other networks.</summary>
    public bool HasAddress(uint address) => _addresses.Draws(address);

    /// <summary>As many of the addresses as asked for, drawn by a hash, in order.</summary>
    public static IEnumerable<uint> Draw(IEnumerable<uint> addresses, int count, int turn)
    {
        HashSampler order = new(Seed, turn, 1);
        return addresses.OrderBy(a => order.Hash(a)).Take(count).Order();
    }
}

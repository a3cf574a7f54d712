using Relay.Training.Recipes;
using Relay.Training.Recipes.Reputation;
using Shared.Contracts.Addresses;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Recipes.Reputation;

/// <summary>Lists of made addresses: many in a few networks, as on blocklists, and some anywhere.</summary>
internal static class ReputationData
{
    public static ModelSpec Spec { get; } = ModelSpecParser.Parse(RecipeCatalog.Find(RecipeCatalog.IpReputation)!.ReadSpec());

    public static uint[] Listed(int seed, int count = 3000)
    {
        Random random = new(seed);
        uint[] networks = [.. Enumerable.Range(0, 40).Select(_ => Draw(random) & 0xFFFFFF00)];
        return
        [
            .. Enumerable.Range(0, count)
                .Select(i => i % 3 == 0 ? Draw(random) : networks[random.Next(networks.Length)] | (uint)random.Next(256)).Distinct(),
        ];
    }

    public static string Text(IEnumerable<uint> addresses) => string.Concat(addresses.Select(a => $"{AddressText.Write(a)}\t{1 + (a % 3)}\n"));

    public static ReputationSources Sources(params string[] bad) => new() { Bad = bad, PublicRows = 6000, HeldOutRows = 3000, KnownRows = 300 };

    private static uint Draw(Random random)
    {
        uint address;
        do
        {
            address = (uint)random.NextInt64(1L << 32);
        }
        while (!PublicAddressSpace.Contains(address));
        return address;
    }
}

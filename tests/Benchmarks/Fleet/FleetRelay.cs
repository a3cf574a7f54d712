using System.Globalization;
using System.Net;
using System.Text.Json;
using Relay.TestKit;
using Relay.TestKit.Load;
using Shared.Contracts.Api;

namespace Benchmarks.Fleet;

/// <summary>The address of this suite's relay, and what its nodes start from.</summary>
internal sealed record FleetServing(string Address, string TlsRoot, string TrustedRoot, string AdminKey, IReadOnlyList<int> Versions);

/// <summary>A relay in a process of its own, with versions to publish. Prints a <see cref="FleetServing"/>; then, for each line that it reads,
/// the bytes that the process holds.</summary>
internal static class FleetRelay
{
    public const string Command = "fleet-relay";

    public static async Task<int> RunAsync()
    {
        // Streams of this suite name addresses of their own, as nodes behind a proxy do: one client may have a quarter of all streams only.
        await using TestRelay relay = await TestRelay.StartAsync(options => options with
        {
            RequestsPerSecondAndAddress = 0,
            TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")],
        });
        List<int> versions = [];
        for (int version = 1; version <= FleetSuite.Versions; version++)
        {
            ModelVersion trained = await relay.TrainSmallAsync(trees: 3 + version);
            versions.Add(trained.Version);
        }

        await relay.PublishAsync("stable", new ModelVersion(SmallModel.Name, 1));
        Console.WriteLine(JsonSerializer.Serialize(
            new FleetServing($"{relay.Address}", relay.CertificateAuthority, relay.TrustedRoot, relay.AdminKey, versions),
            BenchJson.Default.FleetServing));
        while (Console.ReadLine() is not null)
        {
            Console.WriteLine(ResidentMemory.Bytes().ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }
}

using System.Text.Json;
using Relay.TestKit;

namespace Benchmarks.Fleet;

/// <summary>What light nodes start from.</summary>
internal sealed record LightFleetServing(string Address, string TlsRoot, string TrustedRoot, string AdminKey, string EnrollmentToken);

/// <summary>A relay in a process of its own that is closed to strangers, as <c>relay serve</c> is, with versions to publish. Prints a
/// <see cref="LightFleetServing"/> and ends with its input.</summary>
internal static class LightFleetRelay
{
    public const string Command = "light-fleet-relay";

    public static async Task<int> RunAsync()
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { OpenArtifacts = false, OpenCheckIns = false });
        for (int version = 1; version <= LightFleetSuite.Versions; version++)
        {
            await relay.TrainSmallAsync(trees: 3 + version);
        }

        await relay.PublishAsync(LightFleetSuite.Channel, LightFleetSuite.Version(1));
        string token = await relay.CreateEnrollmentTokenAsync(LightFleetSuite.Nodes);
        Console.WriteLine(JsonSerializer.Serialize(
            new LightFleetServing($"{relay.Address}", relay.CertificateAuthority, relay.TrustedRoot, relay.AdminKey, token),
            BenchJson.Default.LightFleetServing));
        while (Console.ReadLine() is not null)
        {
        }

        return 0;
    }
}

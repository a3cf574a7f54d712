using System.Globalization;

namespace Relay.Server.Tests.Cli.Recipes;

/// <summary>Small lists under the names of the guide: bad addresses fill some networks, as on real lists, and a newer list
/// has more of the same.</summary>
internal static class MadeLists
{
    public static void Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "lists"));
        Random random = new(1);
        string[] networks = [.. Enumerable.Range(0, 60).Select(_ => $"{random.Next(11, 99)}.{random.Next(256)}.{random.Next(256)}")];
        string[] all =
        [
            .. Enumerable.Range(0, 6000).Select(_ => $"{networks[random.Next(networks.Length)]}.{random.Next(256)}").Distinct(),
        ];
        Save("ipsum-yesterday.txt", "# counts of blocklists\n", all.Take(all.Length * 4 / 5).Select(Counted));
        Save("ipsum-today.txt", "# counts of blocklists\n", all.Skip(all.Length / 5).Select(Counted));
        Save("drop.txt", "; ranges\n", ["180.1.0.0/18 ; SBL1", "181.1.2.0/24 ; SBL2"]);
        Save("partners.txt", "", ["190.1.2.3", "190.2.0.0/22"]);
        Save("resolvers.json", "", ["{\"list\":[\"8.8.8.0/28\",\"9.9.9.9\",\"1.1.1.1\",\"208.67.0.0/16\"]}"]);

        string Counted(string address) => string.Create(CultureInfo.InvariantCulture, $"{address}\t{random.Next(1, 5)}");

        void Save(string name, string head, IEnumerable<string> lines) =>
            File.WriteAllText(Path.Combine(folder, "lists", name), head + string.Join('\n', lines) + "\n");
    }
}

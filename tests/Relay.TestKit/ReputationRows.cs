using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Relay.TestKit;

/// <summary>Rows for the model <c>ip-reputation</c> out of real lists: addresses on blocklists are bad, public name servers and the
/// first address of each range of a cloud provider are good. Held out are whole /16 networks, a quarter of them, so that no neighbour
/// of a held-out address was trained on.</summary>
public static class ReputationRows
{
    private const string Header = "ip_octet_1,ip_octet_2,ip_octet_3,ip_octet_4,reputation";

    private static readonly string[] Benign = ["public-dns-v4.json", "amazon-aws.json", "cloudflare.json"];

    /// <summary>Writes the two files into a folder.</summary>
    /// <returns>False where the lists are missing.</returns>
    public static bool Write(string trainPath, string testPath)
    {
        string? blocked = SharedData.File("ip-reputation/ipsum-2026-08-22.txt.gz");
        string?[] benign = [.. Benign.Select(name => SharedData.File($"ip-reputation/{name}"))];
        if (blocked is null || benign.Contains(null))
        {
            return false;
        }

        SortedDictionary<uint, string> rows = [];
        foreach (uint address in benign.SelectMany(path => Listed(path!)))
        {
            rows[address] = "good";
        }

        // An address on both kinds of list counts as bad.
        foreach (uint address in Blocked(blocked))
        {
            rows[address] = "bad";
        }

        File.WriteAllLines(trainPath, rows.Where(r => !IsHeldOut(r.Key)).Select(Row).Prepend(Header));
        File.WriteAllLines(testPath, rows.Where(r => IsHeldOut(r.Key)).Select(Row).Prepend(Header));
        return true;
    }

    private static bool IsHeldOut(uint address) => ((address >> 16) * 2_654_435_761u) >> 30 == 0;

    private static string Row(KeyValuePair<uint, string> row) => string.Create(
        CultureInfo.InvariantCulture, $"{row.Key >> 24},{(row.Key >> 16) & 255},{(row.Key >> 8) & 255},{row.Key & 255},{row.Value}");

    private static IEnumerable<uint> Blocked(string path)
    {
        using StreamReader lines = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        while (lines.ReadLine() is { } line)
        {
            if (Number(line.Split('\t')[0]) is { } address)
            {
                yield return address;
            }
        }
    }

    private static IEnumerable<uint> Listed(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.GetProperty("list").EnumerateArray()
            .Select(entry => Number(entry.GetString()!.Split('/')[0])).OfType<uint>()];
    }

    private static uint? Number(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily is AddressFamily.InterNetwork
            ? BitConverter.ToUInt32([.. address.GetAddressBytes().Reverse()])
            : null;
}

using System.Text.Json.Nodes;
using Relay.TestKit;

namespace Relay.EndToEnd.Tests.Compatibility;

/// <summary>What version 0.1 sent, signed and stored: the files of <c>tests/Compatibility/0.1</c>.</summary>
internal static class RecordedVersion
{
    public static readonly DateTimeOffset Time = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<byte[]> CheckIns { get; } =
        [.. Directory.EnumerateFiles(Combine("check-ins")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    public static IReadOnlySet<string> Reasons { get; } = File.ReadAllLines(Combine("reasons.txt")).ToHashSet(StringComparer.Ordinal);

    public static string Combine(params ReadOnlySpan<string> parts) => RepositoryRoot.Combine(["tests", "Compatibility", "0.1", .. parts]);

    /// <summary>The file of the recorded repository whose name, after its hash or version, is this.</summary>
    public static byte[] Read(string folder, string name) => File.ReadAllBytes(
        Directory.EnumerateFiles(Combine("repository"), "*." + name, SearchOption.AllDirectories)
            .First(f => f.Contains($"/{folder}/", StringComparison.Ordinal)));

    /// <summary>The paths of all members of a JSON text; items of a list have one path.</summary>
    public static IReadOnlySet<string> Members(byte[] json)
    {
        SortedSet<string> found = new(StringComparer.Ordinal);
        Visit(JsonNode.Parse(json)!, "");
        return found;

        void Visit(JsonNode? node, string path)
        {
            if (node is JsonObject owner)
            {
                foreach ((string name, JsonNode? value) in owner)
                {
                    found.Add($"{path}.{name}");
                    Visit(value, $"{path}.{name}");
                }
            }
            else if (node is JsonArray items)
            {
                items.ToList().ForEach(item => Visit(item, path + "[]"));
            }
        }
    }
}

using System.Globalization;
using System.Text.Json.Nodes;

namespace Relay.Server.Boms;

/// <summary>The parts of CycloneDX documents.</summary>
internal static class BomComponents
{
    private const int Sha256HexLength = 64;
    private const string OwnLicense = "Apache-2.0";

    /// <summary>A program of Relay.</summary>
    public static JsonObject Application(string name, string version) =>
        With(new() { ["type"] = "application" }, $"application:{name}", name, version, OwnLicense);

    /// <param name="license">An SPDX id.</param>
    /// <param name="purl">Its package URL.</param>
    public static JsonObject Library(string type, string name, string version, string license, string? purl)
    {
        JsonObject component = With(new() { ["type"] = type }, $"{type}:{name}@{version}", name, version, license);
        if (purl is not null)
        {
            component["purl"] = purl;
        }

        return component;
    }

    /// <summary>A data set or a configuration.</summary>
    /// <param name="type">dataset or configuration.</param>
    public static JsonObject Data(string reference, string name, string type, string description, string sha256, params (string, string)[] properties)
    {
        JsonObject component = new() { ["type"] = "data", ["bom-ref"] = reference, ["name"] = name, ["description"] = description };
        AddHash(component, sha256);
        component["data"] = new JsonArray(new JsonObject
        {
            ["type"] = type,
            ["name"] = name,
            ["contents"] = new JsonObject { ["properties"] = Properties(properties) },
        });
        return component;
    }

    /// <summary>The SHA-256 of a component, where it is one: older cards have other texts.</summary>
    public static void AddHash(JsonObject component, string sha256)
    {
        if (sha256.Length == Sha256HexLength && sha256.All(char.IsAsciiHexDigitLower))
        {
            component["hashes"] = Hashes(sha256);
        }
    }

    public static JsonArray Hashes(string sha256) => new(new JsonObject { ["alg"] = "SHA-256", ["content"] = sha256 });

    public static JsonArray Properties(IEnumerable<(string Name, string Value)> properties) =>
        new([.. properties.Select(property => new JsonObject { ["name"] = $"relay:{property.Name}", ["value"] = property.Value })]);

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static JsonObject With(JsonObject component, string reference, string name, string version, string license)
    {
        component["bom-ref"] = reference;
        component["name"] = name;
        component["version"] = version;
        component["licenses"] = new JsonArray(new JsonObject { ["license"] = new JsonObject { ["id"] = license } });
        return component;
    }
}

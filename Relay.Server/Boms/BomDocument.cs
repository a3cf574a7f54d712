using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Relay.Server.Boms;

/// <summary>A CycloneDX 1.6 document in JSON. The same content gives the same bytes: its serial number comes from its subject.</summary>
internal sealed class BomDocument
{
    public const string MediaType = "application/vnd.cyclonedx+json; version=1.6";

    private const int UuidBytes = 16;

    private static readonly JsonSerializerOptions Form = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    private readonly JsonObject _component;
    private readonly JsonArray _components = [];
    private readonly JsonArray _dependsOn = [];

    /// <param name="component">What the document is about.</param>
    public BomDocument(JsonObject component) => _component = component;

    /// <summary>The serial number of the document depends on it alone.</summary>
    public required string Subject { get; init; }

    /// <summary>When what it says became so.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>1 and up, where the document of one subject says more later.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Adds what the subject was made of, or is.</summary>
    public BomDocument Add(JsonObject? component)
    {
        if (component is not null)
        {
            _components.Add(component);
            _dependsOn.Add((string?)component["bom-ref"]);
        }

        return this;
    }

    public byte[] Write()
    {
        JsonObject document = new()
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["serialNumber"] = SerialNumber(Subject),
            ["version"] = Version,
            ["metadata"] = new JsonObject
            {
                ["timestamp"] = At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                ["tools"] = new JsonObject
                {
                    // Without its version, so that a newer relay writes the same bytes.
                    ["components"] = new JsonArray(new JsonObject { ["type"] = "application", ["name"] = "relay" }),
                },
                ["component"] = _component,
            },
            ["components"] = _components,
            ["dependencies"] = new JsonArray(new JsonObject { ["ref"] = (string?)_component["bom-ref"], ["dependsOn"] = _dependsOn }),
        };
        return [.. JsonSerializer.SerializeToUtf8Bytes(document, Form), (byte)'\n'];
    }

    // RFC 9562, version 8: a UUID of which the maker chooses the bits.
    private static string SerialNumber(string subject)
    {
        Span<byte> bytes = SHA256.HashData(Encoding.UTF8.GetBytes(subject)).AsSpan(0, UuidBytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return $"urn:uuid:{new Guid(bytes, bigEndian: true):D}";
    }
}

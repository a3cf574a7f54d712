using System.Text.Json;
using System.Text.RegularExpressions;

namespace Relay.Server.Tests.Boms;

/// <summary>The rules of the official schema, <c>bom-1.6.schema.json</c>, for the objects that our documents have: their members, which of them must
/// be there, and the forms of texts. None of these objects takes a member that is not listed.</summary>
internal static partial class CycloneDxRules
{
    // Object, and its members; an exclamation mark: one that must be there, a colon: the object that its value or items are.
    private static readonly Dictionary<string, string> Objects = new(StringComparer.Ordinal)
    {
        ["bom"] = "$schema bomFormat! specVersion! serialNumber version metadata:metadata components:component dependencies:dependency",
        ["metadata"] = "timestamp tools:tools component:component",
        ["tools"] = "components:component",
        ["component"] = "type! bom-ref name! version description scope hashes:hash licenses:licenseChoice purl copyright "
            + "externalReferences:externalReference modelCard:modelCard data:componentData properties:property",
        ["hash"] = "alg! content!",
        ["licenseChoice"] = "license:license expression",
        ["license"] = "id name",
        ["externalReference"] = "url! type! hashes:hash comment",
        ["componentData"] = "type! name contents:contents description",
        ["contents"] = "url properties:property",
        ["property"] = "name! value",
        ["dependency"] = "ref! dependsOn",
        ["modelCard"] = "modelParameters:modelParameters quantitativeAnalysis:quantitativeAnalysis",
        ["modelParameters"] = "approach:approach task architectureFamily modelArchitecture datasets:dataReference inputs:format outputs:format",
        ["approach"] = "type",
        ["dataReference"] = "ref",
        ["format"] = "format",
        ["quantitativeAnalysis"] = "performanceMetrics:performanceMetric",
        ["performanceMetric"] = "type value slice",
    };

    // Object and member, and its values.
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["bom bomFormat"] = "^CycloneDX$",
        ["bom specVersion"] = @"^1\.6$",
        ["bom serialNumber"] = "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        ["metadata timestamp"] = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$",
        ["component type"] = "^(application|framework|library|container|operating-system|file|machine-learning-model|data)$",
        ["component purl"] = @"^pkg:[a-z]+/\S+@\S+$",
        ["hash alg"] = "^SHA-256$",
        ["hash content"] = "^[0-9a-f]{64}$",
        ["license id"] = "^(Apache-2.0|MIT|BSD-3-Clause|PostgreSQL|MS-PL|blessing)$",
        ["externalReference type"] = "^(bom|distribution|model-card|evidence|attestation|quality-metrics|digital-signature)$",
        ["componentData type"] = "^(source-code|configuration|dataset|definition|other)$",
        ["approach type"] = "^(supervised|unsupervised)$",
    };

    public static JsonElement AssertValid(ReadOnlyMemory<byte> document)
    {
        JsonElement root = JsonDocument.Parse(document).RootElement;
        List<string> references = [];
        List<string> named = [];
        Check("bom", root, references, named);
        Assert.Equal(references.Distinct(), references);
        Assert.Empty(named.Except(references));
        return root;
    }

    private static void Check(string kind, JsonElement element, List<string> references, List<string> named)
    {
        Dictionary<string, string?> members = [];
        foreach (string rule in Objects[kind].Split(' '))
        {
            string[] parts = rule.TrimEnd('!').Split(':');
            members.Add(parts[0], parts.ElementAtOrDefault(1));
            Assert.True(!rule.EndsWith('!') || element.TryGetProperty(parts[0], out _), $"A {kind} lacks {parts[0]}.");
        }

        foreach (JsonProperty member in element.EnumerateObject())
        {
            Assert.True(members.TryGetValue(member.Name, out string? of), $"A {kind} has no member {member.Name}.");
            JsonElement[] items = member.Value.ValueKind == JsonValueKind.Array ? [.. member.Value.EnumerateArray()] : [member.Value];
            foreach (JsonElement item in items)
            {
                CheckValue(kind, member.Name, of, item, references, named);
            }
        }
    }

    private static void CheckValue(string kind, string name, string? of, JsonElement value, List<string> references, List<string> named)
    {
        if (of is not null)
        {
            Check(of, value, references, named);
            return;
        }

        Assert.Equal((kind, name) is ("bom", "version") ? JsonValueKind.Number : JsonValueKind.String, value.ValueKind);
        if (Values.TryGetValue($"{kind} {name}", out string? form))
        {
            Assert.Matches(form, value.GetString());
        }

        if (name == "bom-ref")
        {
            references.Add(value.GetString()!);
        }
        else if (name is "ref" or "dependsOn")
        {
            named.Add(value.GetString()!);
        }
        else if (kind == "externalReference" && name == "url")
        {
            Assert.Matches(Path(), value.GetString());
        }
    }

    [GeneratedRegex(@"^/v1/[A-Za-z0-9./_%-]+$")]
    private static partial Regex Path();
}

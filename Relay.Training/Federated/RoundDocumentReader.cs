using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Relay.Training.Data.Reading;
using Relay.Training.Gates;
using Shared.Contracts;
using Shared.Contracts.Json;
using Shared.Contracts.Keys;
using Shared.Contracts.Models;

namespace Relay.Training.Federated;

/// <summary>The one parser of round documents: what it returns keeps every rule, for coordinator and owners alike.</summary>
internal static class RoundDocumentReader
{
    public const string Format = "relay-federated-round-1";

    private static readonly string[] Members =
    [
        "format", "id", "spec", "version", "program", "testSha256", "owners", "labels", "categories", "minimumRows", "accept", "joinSeconds",
        "stepSeconds",
    ];

    /// <exception cref="JsonException">It is no round document.</exception>
    /// <exception cref="ModelSpecException">Its spec is none.</exception>
    public static RoundDocument Read(byte[] file)
    {
        if (file.Length > RoundDocument.MaxBytes)
        {
            throw new JsonException($"{file.Length} bytes, at most {RoundDocument.MaxBytes}");
        }

        JsonElement root = StrictJson.Parse(file);
        RequireMembers(root, Members);
        if (root.Text("format") is not Format)
        {
            throw new JsonException($"'format' must be {Format}");
        }

        RoundOwner[] owners = [.. root.Member("owners").Items().Select(ReadOwner)];
        Require(
            owners.Length is >= RoundDocument.MinimumOwners and <= RoundDocument.MaximumOwners,
            $"{owners.Length} owners; expected {RoundDocument.MinimumOwners} to {RoundDocument.MaximumOwners}: of two, each has the other's");
        Require(owners.DistinctBy(o => o.Name).Count() == owners.Length, "two owners have one name");
        Require(owners.DistinctBy(o => Convert.ToHexString(o.PublicKey)).Count() == owners.Length, "two owners have one key");
        Require(root.Text("id") is { Length: 32 } id && id.All(char.IsAsciiHexDigitLower), "'id' must be 32 hexadecimal digits");
        Require(
            root.Text("testSha256") is { Length: 64 } test && test.All(char.IsAsciiHexDigitLower), "'testSha256' must be 64 hexadecimal digits");
        ModelSpec spec = ModelSpecParser.Parse(Encoding.UTF8.GetBytes(root.Member("spec").GetRawText()));
        ShardAgreement agreement = new(
            ReadTexts(root.Member("labels"), "labels"),
            root.Member("categories").Members().ToDictionary(
                m => StrictJson.NameOf(m), m => (IReadOnlyList<string>)ReadTexts(m.Value, "categories"), StringComparer.Ordinal),
            (int)Integer(root, "minimumRows", RoundDocument.MinMinimumRows, int.MaxValue));
        string? error = RoundSpecRules.FindError(spec, agreement);
        Require(error is null, error ?? "");
        return new RoundDocument
        {
            Id = root.Text("id"),
            Spec = spec,
            Version = (int)Integer(root, "version", 1, int.MaxValue),
            Program = root.Text("program"),
            TestSha256 = root.Text("testSha256"),
            Owners = owners,
            Agreement = agreement,
            Accepted = root.Member("accept").Members().ToDictionary(m => StrictJson.NameOf(m), ReadReason, StringComparer.Ordinal),
            JoinTime = TimeSpan.FromSeconds(Integer(root, "joinSeconds", 1, RoundDocument.MaxWaitSeconds)),
            StepTime = TimeSpan.FromSeconds(Integer(root, "stepSeconds", 1, RoundDocument.MaxWaitSeconds)),
            Digest = [],
        };
    }

    private static RoundOwner ReadOwner(JsonElement owner)
    {
        RequireMembers(owner, ["name", "publicKey"]);
        string name = owner.Text("name");
        Require(RelayName.IsValidNode(name), $"'name' of an owner must be {RelayName.NodeRule}");
        byte[]? der = TryDecode(owner.Text("publicKey"));
        string error = "it is not base64";
        CanonicalPublicKey? key = der is null ? null : CanonicalPublicKey.Read(der, out error);
        Require(
            key?.Curve is CanonicalPublicKey.P256 && IsOnCurve(key), $"'publicKey' of owner {name} is no key on the curve P-256 {error}".TrimEnd());
        return new RoundOwner(name, key!.SubjectPublicKeyInfo);
    }

    // The encoding can be right of a point that is on no curve.
    private static bool IsOnCurve(CanonicalPublicKey key)
    {
        try
        {
            using ECDsa imported = ECDsa.Create();
            imported.ImportSubjectPublicKeyInfo(key.SubjectPublicKeyInfo, out _);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static byte[]? TryDecode(string base64)
    {
        byte[] bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out int written) ? bytes[..written] : null;
    }

    private static string[] ReadTexts(JsonElement list, string name)
    {
        string[] texts = [.. list.Items().Select(t => t.Text())];
        Require(texts.Distinct(StringComparer.Ordinal).Count() == texts.Length, $"'{name}' has a text twice");
        Require(texts.All(t => t.Length > 0), $"'{name}' has an empty text");
        return texts;
    }

    private static string ReadReason(JsonProperty accepted)
    {
        string reason = accepted.Value.Text();
        return GateAcceptances.FindError(StrictJson.NameOf(accepted), reason) is { } error ? throw new JsonException($"'accept': {error}") : reason;
    }

    private static long Integer(JsonElement root, string name, long minimum, long maximum)
    {
        long value = root.Integer(name, minimum);
        Require(value <= maximum, $"'{name}' must be at most {maximum}");
        return value;
    }

    private static void RequireMembers(JsonElement owner, string[] known)
    {
        string? unknown = owner.Members().Select(StrictJson.NameOf).FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal));
        Require(unknown is null, $"the member '{unknown}' is unknown");
    }

    private static void Require(bool holds, string error)
    {
        if (!holds)
        {
            throw new JsonException(error);
        }
    }
}

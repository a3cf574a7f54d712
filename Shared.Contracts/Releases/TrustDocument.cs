using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Releases;

/// <summary>The one form of JSON of releases, channels and the policy: camel case, unknown, missing and repeated members refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = TrustBounds.JsonDepth,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(ReleaseManifest))]
[JsonSerializable(typeof(ChannelManifest))]
[JsonSerializable(typeof(TrustPolicy))]
internal sealed partial class TrustJson : JsonSerializerContext;

/// <summary>Reads a document that came as a verified target; what its author got wrong is a refusal all the same.</summary>
internal static class TrustDocument
{
    public static bool TryParse<T>(
        ReadOnlySpan<byte> utf8, JsonTypeInfo<T> form, string subject, Func<T, string?> complaint,
        [NotNullWhen(true)] out T? document, [NotNullWhen(false)] out Refusal? refusal)
        where T : class
    {
        string? wrong;
        try
        {
            document = JsonSerializer.Deserialize(utf8, form);
            wrong = document is null ? "null" : complaint(document);
        }
        // A member named by half a surrogate pair is an InvalidOperationException to the reader.
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            document = null;
            wrong = malformed.Message;
        }

        refusal = wrong is null ? null : new(RefusalReason.ReleaseMalformed, subject, wrong);
        document = refusal is null ? document : null;
        return refusal is null;
    }

    // A list may hold null where its type says otherwise: the serializer does not look into lists.
    public static bool IsSha256(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);
}

using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Shared.Contracts.Json;

namespace Shared.Contracts.Releases;

/// <summary>The JSON of releases, channels and the policy: camel case; missing and repeated members are refused, and unknown ones
/// ignored, because a newer relay may have written them (ADR 21).</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = StrictJson.MaxDepth,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(ReleaseManifest))]
[JsonSerializable(typeof(ChannelManifest))]
[JsonSerializable(typeof(TrustPolicy))]
internal sealed partial class TrustJson : JsonSerializerContext;

/// <summary>Reads a document from a verified target. Its author is trusted, and may still have made a mistake, which is refused.</summary>
internal static class TrustDocument
{
    public static Result<T> Read<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> form, string subject, Func<T, string?> findError)
        where T : class
    {
        try
        {
            T? document = JsonSerializer.Deserialize(utf8, form);
            string? error = document is null ? "null" : findError(document);
            return error is null ? document! : new Refusal(RefusalReason.ReleaseMalformed, subject, error);
        }
        // A member named by half a surrogate pair is an InvalidOperationException to the reader.
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return new Refusal(
                RefusalReason.ReleaseMalformed, subject, malformed is JsonException json ? JsonErrorText.Describe(json) : malformed.Message);
        }
    }

    // A list may hold null although its type forbids it: the serializer does not check items.
    public static bool IsSha256(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);
}

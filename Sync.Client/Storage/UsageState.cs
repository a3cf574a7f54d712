using System.Text.Json.Serialization;
using Shared.Contracts.Api;
using Shared.Contracts.Reports;

namespace Sync.Client.Storage;

/// <summary>The usage that the relay does not have yet.</summary>
/// <param name="LastId">The id of the last window, sent or not: none is given twice.</param>
/// <param name="Windows">Oldest first.</param>
/// <param name="Open">The window that was open when the node stopped; it goes on at the next start.</param>
internal sealed record UsageState(long LastId, IReadOnlyList<UsageWindow> Windows, UsageWindow? Open)
{
    [JsonIgnore]
    public bool IsWhole => LastId >= 0 && Windows.All(IsValid) && (Open is null || IsValid(Open));

    private static bool IsValid(UsageWindow window) =>
        window is not null && window.Versions.All(v => v is not null) && !UsageRules.FindErrors(window).Any();
}

/// <summary>Without indents: the bytes of usage are bounded.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(UsageState))]
internal sealed partial class UsageJson : JsonSerializerContext;

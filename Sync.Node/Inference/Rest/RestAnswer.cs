using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Sync.Client;
using Sync.Node.Inference.Answers;

namespace Sync.Node.Inference.Rest;

/// <summary>A status and its JSON.</summary>
internal sealed record RestAnswer(int Status, byte[] Json)
{
    public async Task WriteAsync(HttpResponse response)
    {
        (response.StatusCode, response.ContentType, response.ContentLength) = (Status, "application/json", Json.Length);
        if (Status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = "1";
        }

        await response.BodyWriter.WriteAsync(Json);
    }
}

/// <summary>The answers that are no answers of a model.</summary>
internal static class RestAnswers
{
    // No browser shows these as HTML: quotes stay as they are.
    private static readonly RestContext Context = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    });

    public static RestAnswer ServerMetadata() => Create(
        StatusCodes.Status200OK, new(ServerDescription.Name, ServerDescription.Version, ServerDescription.Extensions),
        Context.ServerMetadataJson);

    /// <summary>Both members, as the documents of the protocol and its servers name one or the other.</summary>
    public static RestAnswer Health(bool isReady, int status) => Create(status, new(true, isReady), Context.HealthJson);

    public static RestAnswer ModelReady(string model, bool isReady) => Create(
        isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, new(model, isReady), Context.ModelReadyJson);

    public static RestAnswer ModelMetadata((int Release, ActiveModelVersion Version) found)
    {
        ModelDescription d = ModelDescription.Create(found.Version);
        return Create(
            StatusCodes.Status200OK,
            new(d.Name, d.Versions, d.Platform, d.Inputs, d.Outputs, new(
                found.Release, found.Version.Sha256, found.Version.SchemaHash, InferAnswer.ScorerName(found.Version), found.Version.Schema.Classes)),
            Context.ModelMetadataJson);
    }

    public static RestAnswer Error(int status, string message) => Create(status, new(message), Context.ErrorJson);

    private static RestAnswer Create<T>(int status, T body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(body, type));
}

internal sealed record ServerMetadataJson(string Name, string Version, IReadOnlyList<string> Extensions);

internal sealed record HealthJson(bool Live, bool Ready);

internal sealed record ModelReadyJson(string Name, bool Ready);

internal sealed record ModelMetadataJson(
    string Name, IReadOnlyList<string> Versions, string Platform, IReadOnlyList<TensorDescription> Inputs, IReadOnlyList<TensorDescription> Outputs,
    VersionParametersJson Parameters);

internal sealed record VersionParametersJson(int Release, string Sha256, string SchemaHash, string Scorer, IReadOnlyList<string> Classes);

internal sealed record ErrorJson(string Error);

[JsonSerializable(typeof(ServerMetadataJson))]
[JsonSerializable(typeof(HealthJson))]
[JsonSerializable(typeof(ModelReadyJson))]
[JsonSerializable(typeof(ModelMetadataJson))]
[JsonSerializable(typeof(ErrorJson))]
internal sealed partial class RestContext : JsonSerializerContext;

using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Sync.Node.Inference.Answers;
using Sync.Node.Inference.Tensors;

namespace Sync.Node.Inference.Rest;

/// <summary>Answers one request for inference.</summary>
internal sealed class InferEndpoint(InferenceService service)
{
    private const string JsonLength = "Inference-Header-Content-Length";

    /// <param name="version">The version that must answer; null for the active one.</param>
    public Task AnswerGuardedAsync(HttpContext http, string model, string? version) => RestErrors.GuardAsync(
        http, (Endpoint: this, model, version), static (http, call) => call.Endpoint.AnswerAsync(http, call.model, call.version));

    private async Task AnswerAsync(HttpContext http, string model, string? version)
    {
        HttpRequest request = http.Request;
        if (!StringValues.IsNullOrEmpty(request.Headers.ContentEncoding) && request.Headers.ContentEncoding != "identity")
        {
            throw Malformed.Create("the body is compressed: send it without Content-Encoding");
        }

        // Without RequestAborted, which would be made for each request: the server ends reads and writes of a connection that is gone.
        using RequestBody body = await RequestBody.ReadAsync(request, service.Limits.MaximumBodyBytes, CancellationToken.None);
        using PooledBuffer json = new();
        using PooledBuffer binary = new();
        Write(request, body, model, version, json, binary);
        HttpResponse response = http.Response;
        response.ContentType = binary.Length == 0 ? "application/json" : "application/octet-stream";
        response.ContentLength = json.Length + binary.Length;
        if (binary.Length > 0)
        {
            response.Headers[JsonLength] = json.Length.ToString(CultureInfo.InvariantCulture);
        }

        response.BodyWriter.Write(json.Bytes.Span);
        response.BodyWriter.Write(binary.Bytes.Span);
        await response.BodyWriter.FlushAsync(CancellationToken.None);
    }

    private void Write(HttpRequest http, RequestBody body, string model, string? version, PooledBuffer json, PooledBuffer binary)
    {
        (InferRequest request, bool isBinary) = RestRequestReader.Read(body.Bytes, ReadJsonLength(http), service.Limits.MaximumRows);
        using InferAnswer answer = service.Infer(model, version, request, isBinary);
        RestAnswerWriter.Write(answer, request.Id, json, binary);
    }

    private static int? ReadJsonLength(HttpRequest request) => request.Headers[JsonLength] switch
    {
        [] => null,
        [var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int length) => length,
        var texts => throw Malformed.Create($"{JsonLength} is '{texts}': send the length of the JSON in bytes, once"),
    };
}

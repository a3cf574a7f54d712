using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Relay.Server.Http.Access;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.OpenApi;

/// <summary>Writes the OpenAPI document of a relay: the routes are described by themselves, and what handlers read and write as a stream is added
/// here.</summary>
internal static class RelayDocument
{
    public const string Name = "v1";
    public const string Key = "apiKey";
    private const string Signature = "nodeSignature";

    public static void AddTo(IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddOperationTransformer(DescribeAsync);
        options.AddSchemaTransformer((schema, context, _) =>
        {
            DescribeNames(schema, context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
    });

    /// <summary>Indented, with line feeds: a change shows as the lines that it changes.</summary>
    public static async Task<string> WriteAsync(TestRelay relay, CancellationToken cancellationToken)
    {
        OpenApiDocument document = await relay.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name)
            .GetOpenApiDocumentAsync(cancellationToken);
        using StringWriter text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        document.SerializeAsV31(new OpenApiJsonWriter(text));
        return text + "\n";
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new()
        {
            Title = "Relay",
            Version = Name,
            Description = "Trains models, signs them and distributes them to nodes. Errors are problem+json (RFC 9457) with a `type` that stays: "
                + "`urn:relay:problem:NAME`. Lists come by pages: send `cursor` of the answer until there is none. A change with an "
                + "`Idempotency-Key` is made once, also when it is sent again.",
            License = new() { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        document.Servers = [];
        document.Tags = new HashSet<OpenApiTag>(RouteTexts.Tags.Select(tag => new OpenApiTag { Name = tag.Key, Description = tag.Value }));
        document.Paths.Add("/metrics", DocumentParts.Metrics(document));
        document.Components ??= new();

        // Of a handler that reads two forms of a body; the document has a type of its own for it.
        document.Components.Schemas?.Remove(nameof(JsonElement));
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Key] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description =
                    "An API key, `relay_<id>_<secret>`, or an OpenID Connect token of an issuer that the relay trusts. Its role says what it may do.",
            },
            [Signature] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "Signature",
                Description = "A signature of an enrolled node over method, path, query and body (RFC 9421), with `Signature-Input` and "
                    + "`Content-Digest`.",
            },
        };
    }

    // Converters that read names of later versions hide the names that there are.
    private static void DescribeNames(OpenApiSchema schema, Type type)
    {
        if ((Nullable.GetUnderlyingType(type) ?? type) is not { IsEnum: true } names)
        {
            return;
        }

        schema.Type ??= JsonSchemaType.String;
        if (schema.Enum is null or [])
        {
            schema.Enum = [.. Enum.GetValuesAsUnderlyingType(names).Cast<object>()
                .Select(value => JsonSerializer.SerializeToNode(Enum.ToObject(names, value), names, RelayApiJson.Default.Options)!)];
        }
    }

    private static async Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        string method = context.Description.HttpMethod!;
        string path = RouteTexts.Path(context.Description.RelativePath!);
        operation.OperationId = RouteTexts.OperationId(method, path);
        operation.Tags = new HashSet<OpenApiTagReference> { new(RouteTexts.Tag(path), context.Document) };
        string policy = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Last().Policy!;
        operation.Description = RouteTexts.Caller(policy);
        operation.Security =
        [
            .. RouteTexts.TakesKey(policy) ? [Requirement(Key)] : Array.Empty<OpenApiSecurityRequirement>(),
            .. RouteTexts.TakesSignature(policy) ? [Requirement(Signature)] : Array.Empty<OpenApiSecurityRequirement>(),
        ];
        foreach (OpenApiParameter parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Description = RouteTexts.Parameter(parameter.Name!);
            parameter.Required = parameter.In is ParameterLocation.Path || RouteTexts.IsRequired(method, path, parameter.Name!);
        }

        if (path == Routes.Events)
        {
            // Read by the handler itself: a node may send more than this relay knows.
            operation.Parameters = [.. operation.Parameters ?? [], DocumentParts.ChannelOfEvents()];
        }

        if (method != HttpMethod.Get.Method && AccessPolicies.RolesOf(policy).Count > 0 && policy != AccessPolicies.Contribute)
        {
            operation.Parameters = [.. operation.Parameters ?? [], DocumentParts.IdempotencyKey()];
            if ((method == HttpMethod.Put.Method && path is ("/v1/models/{name}" or "/v1/datasets/{name}"))
                || (method != HttpMethod.Get.Method && path.EndsWith("/note", StringComparison.Ordinal)))
            {
                operation.Parameters.Add(DocumentParts.IfMatch());
            }
        }

        if (StreamBodies.Request(method, path) is { } request)
        {
            operation.RequestBody = await CreateBodyAsync(request, context, cancellationToken);
        }

        if (operation.RequestBody is OpenApiRequestBody { Content: { } content } && BodyExamples.Find(method, path) is { } example
            && content.TryGetValue(MediaTypeNames.Application.Json, out OpenApiMediaType? json))
        {
            json.Example = example;
        }

        operation.Responses ??= [];
        if (StreamBodies.Response(method, path) is { } response)
        {
            operation.Responses["200"] = new OpenApiResponse
            {
                Description = "OK",
                Content = response.ToDictionary(type => type, _ => new OpenApiMediaType()),
            };
        }

        await SchemaAsync(typeof(ProblemDetails), context, cancellationToken);
        DocumentParts.AddProblems(operation.Responses, context.Document!);

        OpenApiSecurityRequirement Requirement(string scheme) => new() { [new(scheme, context.Document)] = [] };
    }

    private static async Task<OpenApiRequestBody> CreateBodyAsync(
        StreamBody body, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        IOpenApiSchema? schema = body.Type is null ? null : await SchemaAsync(body.Type, context, cancellationToken);
        return new OpenApiRequestBody
        {
            Required = true,
            Content = body.MediaTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = schema }),
        };
    }

    private static async Task<IOpenApiSchema> SchemaAsync(Type type, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        OpenApiSchema schema = await context.GetOrCreateSchemaAsync(type, null, cancellationToken);
        context.Document!.AddComponent(type.Name, schema);
        return new OpenApiSchemaReference(type.Name, context.Document);
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sync.Client;
using Sync.Node.Inference.Answers;
using Sync.Node.Inference.Tensors;

namespace Sync.Node.Inference.Rest;

/// <summary>The protocol by REST.</summary>
internal static class RestEndpoints
{
    private const string Model = "/v2/models/{model}";
    private const string Version = Model + "/versions/{version}";

    public static void MapRest(this IEndpointRouteBuilder routes, InferEndpoint infer)
    {
        InferenceService service = routes.ServiceProvider.GetRequiredService<InferenceService>();
        Get(routes, "/v2", _ => RestAnswers.ServerMetadata());
        Get(routes, "/v2/health/live", _ => RestAnswers.Health(service.IsReady, StatusCodes.Status200OK));
        Get(routes, "/v2/health/ready", _ => RestAnswers.Health(
            service.IsReady, service.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable));
        foreach (string path in (string[])[Model, Version])
        {
            Get(routes, path, http => RestAnswers.ModelMetadata(Find(service, http)));
            Get(routes, path + "/ready", http => Ready(service, http));
            routes.MapPost(path + "/infer", http => infer.AnswerGuardedAsync(
                http, (string)http.Request.RouteValues["model"]!, (string?)http.Request.RouteValues["version"]));
        }

        foreach (string change in (string[])["load", "unload"])
        {
            routes.MapPost("/v2/repository/models/{model}/" + change, http => RestErrors.GuardAsync(http, _ => throw InferenceService.NotAllowed()));
        }

        routes.MapFallback("{**path}", http => RestErrors.GuardAsync(http, RefusePath));
    }

    private static void Get(IEndpointRouteBuilder routes, string path, Func<HttpContext, RestAnswer> answer) =>
        routes.MapGet(path, http => RestErrors.GuardAsync(http, _ => answer(http).WriteAsync(http.Response)));

    private static (int Release, ActiveModelVersion Version) Find(InferenceService service, HttpContext http) =>
        service.Find((string)http.Request.RouteValues["model"]!, (string?)http.Request.RouteValues["version"]);

    private static RestAnswer Ready(InferenceService service, HttpContext http)
    {
        string model = (string)http.Request.RouteValues["model"]!;
        try
        {
            Find(service, http);
            return RestAnswers.ModelReady(model, isReady: true);
        }
        catch (InferenceException notReady) when (notReady.Fault is InferenceFault.NotReady)
        {
            return RestAnswers.ModelReady(model, isReady: false);
        }
    }

    private static Task RefusePath(HttpContext http) => throw new InferenceException(
        InferenceFault.NotFound,
        $"{Shared.Contracts.DisplayText.Escape($"{http.Request.Method} {http.Request.Path}", 100)} is no path of the Open Inference Protocol: "
            + "GET /v2 and /v2/models/MODEL, and POST /v2/models/MODEL/infer are");
}

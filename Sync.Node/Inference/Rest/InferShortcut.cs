using Microsoft.AspNetCore.Http;

namespace Sync.Node.Inference.Rest;

/// <summary>Answers requests for inference ahead of routing, which costs as much as reading the request does. A path of another form than the
/// documented one is left to routing.</summary>
internal sealed class InferShortcut(InferEndpoint infer)
{
    private const string Before = "/v2/models/";
    private const string Between = "/versions/";
    private const string After = "/infer";

    public Task AnswerAsync(HttpContext http, RequestDelegate next) =>
        HttpMethods.IsPost(http.Request.Method) && TryRead(http.Request.Path.Value, out string model, out string? version)
            ? infer.AnswerGuardedAsync(http, model, version)
            : next(http);

    /// <summary>Reads the path of a request for inference.</summary>
    /// <param name="version">Null where the path names none.</param>
    /// <returns>False where routing must read it.</returns>
    internal static bool TryRead(string? path, out string model, out string? version)
    {
        (model, version) = ("", null);
        if (path is null || path.Length <= Before.Length + After.Length || !path.StartsWith(Before, StringComparison.Ordinal)
            || !path.EndsWith(After, StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> name = path.AsSpan(Before.Length..^After.Length);
        if (name.IndexOf('/') is var slash and >= 0)
        {
            ReadOnlySpan<char> rest = name[slash..];
            if (!rest.StartsWith(Between, StringComparison.Ordinal) || rest.Length == Between.Length)
            {
                return false;
            }

            rest = rest[Between.Length..];
            version = rest.ToString();
            name = name[..slash];
        }

        // A slash of a name comes as %2F, which routing decodes.
        if (name.IsEmpty || name.Contains('%') || version?.AsSpan().ContainsAny('/', '%') == true)
        {
            version = null;
            return false;
        }

        model = name.ToString();
        return true;
    }
}

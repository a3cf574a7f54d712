using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Relay.Server.Tests;

/// <summary>Requests with a JSON body, and assertions on problem+json.</summary>
internal static class HttpResponses
{
    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>Asserts status and media type, and gives the problem's type without its prefix.</summary>
    public static async Task<string> ProblemTypeAsync(this HttpResponseMessage response, HttpStatusCode expected)
    {
        using JsonDocument problem = await response.ProblemAsync(expected);
        return problem.RootElement.GetProperty("type").GetString()!.Replace("urn:relay:problem:", "", StringComparison.Ordinal);
    }

    public static async Task<JsonDocument> ProblemAsync(this HttpResponseMessage response, HttpStatusCode expected)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{response.StatusCode}: {body}");
        Assert.Equal(new MediaTypeHeaderValue("application/problem+json"), response.Content.Headers.ContentType);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);

        // Words of the framework and names of types help no caller.
        Assert.DoesNotMatch(@"Shared\.Contracts|Relay\.Server|System\.|nullability|LineNumber|Implicit body|Did you mean", body);
        JsonDocument problem = JsonDocument.Parse(body);
        Assert.NotEmpty(problem.RootElement.GetProperty("detail").GetString()!);
        return problem;
    }
}

using System.Text.Json;
using Shared.Contracts;

namespace Relay.AdminClient.Transport;

/// <summary>Reads problem+json (RFC 9457) as an exception. Something else than a relay may answer: a member of another kind is as none.</summary>
internal static class RelayProblem
{
    public static async Task<RelayException> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        return response.Content.Headers.ContentType?.MediaType == "application/problem+json" && Parse(text) is { } problem
            ? Read(problem, response)
            : new RelayException(
                $"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode} and is not a relay.", response.StatusCode, null,
                new Dictionary<string, string>());
    }

    private static RelayException Read(JsonElement problem, HttpResponseMessage response)
    {
        Dictionary<string, string> errors = [];
        if (problem.TryGetProperty("errors", out JsonElement listed) && listed.ValueKind is JsonValueKind.Object)
        {
            foreach (JsonProperty error in listed.EnumerateObject())
            {
                errors[error.Name] = error.Value.ToString();
            }
        }

        return new RelayException(
            DisplayText.Escape(Text(problem, "detail") ?? response.ReasonPhrase ?? "")
                + string.Concat(errors.Select(error => DisplayText.Format($"\n  {error.Key}: {error.Value}"))),
            response.StatusCode, Text(problem, "type"), errors);
    }

    private static string? Text(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out JsonElement member) && member.ValueKind is JsonValueKind.String ? member.GetString() : null;

    /// <summary>Null where it is no object.</summary>
    private static JsonElement? Parse(string text)
    {
        try
        {
            JsonElement problem = JsonElement.Parse(text);
            return problem.ValueKind is JsonValueKind.Object ? problem : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Text.Json;
using Shared.Contracts;

namespace Relay.AdminClient.Transport;

/// <summary>Reads problem+json (RFC 9457) as an exception.</summary>
internal static class RelayProblem
{
    public static async Task<RelayException> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return new RelayException(
                $"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode} and is not a relay.", response.StatusCode, null,
                new Dictionary<string, string>());
        }

        using JsonDocument problem = JsonDocument.Parse(text);
        string detail = problem.RootElement.TryGetProperty("detail", out JsonElement stated)
            ? stated.GetString() ?? ""
            : response.ReasonPhrase ?? "";
        Dictionary<string, string> errors = problem.RootElement.TryGetProperty("errors", out JsonElement listed)
            ? listed.EnumerateObject().ToDictionary(error => error.Name, error => error.Value.ToString())
            : [];
        return new RelayException(
            DisplayText.Escape(detail) + string.Concat(errors.Select(error => DisplayText.Format($"\n  {error.Key}: {error.Value}"))),
            response.StatusCode, problem.RootElement.TryGetProperty("type", out JsonElement type) ? type.GetString() : null, errors);
    }
}

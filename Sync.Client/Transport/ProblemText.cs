using System.Text.Json;
using Shared.Contracts;

namespace Sync.Client.Transport;

/// <summary>What a relay says in a problem document (RFC 9457), as one line. The relay is not trusted with it: it is bounded, and escaped
/// (<see cref="DisplayText"/>).</summary>
internal static class ProblemText
{
    public const int MaximumBytes = 8192;
    private const int MaximumCharacters = 500;

    public static string Read(byte[] body, int status)
    {
        string text = $"status {status}";
        try
        {
            using JsonDocument problem = JsonDocument.Parse(body);
            if (problem.RootElement.ValueKind is JsonValueKind.Object)
            {
                text += Member(problem.RootElement, "detail") + Member(problem.RootElement, "errors");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            text += ", without a problem document that can be read";
        }

        return DisplayText.Escape(text, MaximumCharacters);
    }

    private static string Member(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out JsonElement value) ? $": {value}" : "";
}

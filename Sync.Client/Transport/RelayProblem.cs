using System.Text.Json;
using Shared.Contracts;
using Shared.Contracts.Nodes;

namespace Sync.Client.Transport;

/// <summary>What a relay says in a problem document (RFC 9457). The relay is not trusted with it: it is bounded, and what people read of it
/// is escaped (<see cref="DisplayText"/>).</summary>
/// <param name="Type">The stable name of the problem; null where there is no document that can be read.</param>
/// <param name="Text">Status, detail and errors as one line for people.</param>
internal sealed record RelayProblem(string? Type, string Text)
{
    private const int MaximumBytes = 8192;
    private const int MaximumCharacters = 500;

    /// <summary>The relay's clock, where the problem is the time of a signature.</summary>
    public DateTimeOffset? RelayTime { get; private init; }

    /// <summary>The number of the last check-in, where the problem is that of this one.</summary>
    public long? Last { get; private init; }

    /// <summary>Reads the document of a response that refused a request.</summary>
    /// <exception cref="TransientRequestException">The connection broke.</exception>
    public static async Task<RelayProblem> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] body = new byte[MaximumBytes + 1];
        try
        {
            Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                int length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                return Read(body.AsMemory(0, length > MaximumBytes ? 0 : length), (int)response.StatusCode);
            }
        }
        catch (IOException e)
        {
            throw new TransientRequestException(e.Message, e);
        }
    }

    public static RelayProblem Read(ReadOnlyMemory<byte> body, int status)
    {
        string text = $"status {status}";
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } problem)
            {
                text += Show(problem, "detail") + Show(problem, "errors");
                return new(ReadText(problem, "type"), DisplayText.Escape(text, MaximumCharacters))
                {
                    RelayTime = Find(problem, NodeProblems.RelayTimeMember) is { ValueKind: JsonValueKind.String } time
                        && time.TryGetDateTimeOffset(out DateTimeOffset relayTime) ? relayTime : null,
                    Last = Find(problem, NodeProblems.LastMember) is { ValueKind: JsonValueKind.Number } number
                        && number.TryGetInt64(out long last) ? last : null,
                };
            }
        }

        // A text with half of a surrogate pair is an InvalidOperationException to the reader.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            text += ", without a problem document that can be read";
        }

        return new(null, DisplayText.Escape(text, MaximumCharacters));
    }

    private static string Show(JsonElement problem, string name) => Find(problem, name) is { } value ? $": {value}" : "";

    private static string? ReadText(JsonElement problem, string name) =>
        Find(problem, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static JsonElement? Find(JsonElement problem, string name) => problem.TryGetProperty(name, out JsonElement value) ? value : null;
}

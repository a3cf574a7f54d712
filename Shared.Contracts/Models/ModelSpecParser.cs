using System.Text;
using System.Text.Json;

namespace Shared.Contracts.Models;

/// <summary>Reads a model spec from JSON and refuses anything that a training run would stumble over later.</summary>
public static class ModelSpecParser
{
    /// <summary>A spec names columns and parameters; a longer text is not one.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <exception cref="ModelSpecException">The text is not JSON, has unknown or repeated members, or breaks a rule.</exception>
    public static ModelSpec Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    /// <param name="utf8">UTF-8, a byte order mark is allowed.</param>
    /// <exception cref="ModelSpecException">The text is not JSON, has unknown or repeated members, or breaks a rule.</exception>
    public static ModelSpec Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            throw new ModelSpecException(new("$", $"{utf8.Length} bytes", $"at most {MaxBytes} bytes"), 1, 1);
        }

        utf8 = utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
        ModelSpec spec = Deserialize(utf8);
        if (ModelSpecRules.FirstProblem(spec) is { } problem)
        {
            (int line, int column) = JsonPositions.Of(utf8).Find(problem.Path);
            throw new ModelSpecException(problem, line, column);
        }

        return spec;
    }

    private static ModelSpec Deserialize(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, ModelJson.Default.ModelSpec)
                ?? throw new ModelSpecException(new("$", "null", "an object"), 1, 1);
        }
        catch (JsonException e)
        {
            // The serializer names the innermost object or value that failed; its position is where it stopped reading.
            string path = e.Path is { Length: > 0 } known ? known : "$";
            string found = e.InnerException?.Message ?? e.Message;
            SpecProblem problem = new(path, Sentence(found), SpecGrammar.Expected(path));
            throw new ModelSpecException(problem, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1, e);
        }
    }

    /// <summary>The serializer's message without the path and position that it appends.</summary>
    private static string Sentence(string message)
    {
        int end = message.IndexOf(" Path: ", StringComparison.Ordinal);
        end = end < 0 ? message.IndexOf(" LineNumber: ", StringComparison.Ordinal) : end;
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }
}

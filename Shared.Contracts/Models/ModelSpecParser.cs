using System.Text;
using System.Text.Json;
using Shared.Contracts.Json;

namespace Shared.Contracts.Models;

/// <summary>Parses a model spec from JSON and refuses whatever would make a training run fail later.</summary>
public static class ModelSpecParser
{
    /// <summary>Maximum length of the JSON text, in bytes.</summary>
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
        JsonPositions? positions = UsesRenamed(spec.Parameters) ? JsonPositions.Read(utf8) : null;
        if (ModelSpecRules.FirstProblem(spec) is { } problem)
        {
            positions ??= JsonPositions.Read(utf8);
            throw Refuse(problem with { Path = ParameterRules.GivenPath(problem.Path, positions.Has) }, positions);
        }

        return positions is not null && ParameterRules.FindTwoNames(positions.Has) is { } twice ? throw Refuse(twice, positions) : spec;
    }

    private static bool UsesRenamed(ModelParameters parameters) =>
        ParameterTable.All.Any(p => p.OlderNames.Count > 0 && p.Value(parameters) is not null);

    private static ModelSpecException Refuse(SpecProblem problem, JsonPositions positions)
    {
        JsonPlace place = positions.Find(problem.Path);
        return new ModelSpecException(problem, place.Line, place.Column);
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
            throw Explain(utf8, e);
        }
    }

    /// <summary>Makes a message about the JSON text; the serializer's own messages name types of this code.</summary>
    private static ModelSpecException Explain(ReadOnlySpan<byte> utf8, JsonException failure)
    {
        string path = failure.Path is { Length: > 0 } known ? known : "$";
        JsonPositions positions;
        try
        {
            positions = JsonPositions.Read(utf8);
        }
        catch (JsonException syntax)
        {
            SpecProblem malformed = new(path, WithoutPosition(syntax.Message), "JSON");
            return new ModelSpecException(malformed, (int)(syntax.LineNumber ?? 0) + 1, (int)(syntax.BytePositionInLine ?? 0) + 1, syntax);
        }

        JsonPlace place = positions.Find(path);
        string expected = SpecGrammar.Expected(path);
        string found = place.IsRepeated ? "the same member a second time"
            : !SpecGrammar.Knows(path) && positions.Has(path) ? "an unknown member"
            : place.Kind is not JsonTokenType.StartObject ? place.Text
            : expected.StartsWith("an object", StringComparison.Ordinal) ? "an object that lacks a member" : "an object";
        return new ModelSpecException(new(path, found, expected), place.Line, place.Column, failure);
    }

    private static string WithoutPosition(string message)
    {
        int end = message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using Relay.Cards.Texts;
using Relay.WebConsole.Components;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.WebConsole.Models;

/// <summary>How pages write what belongs to models.</summary>
internal static class ModelText
{
    private static readonly ModelJson Indented = new(new JsonSerializerOptions(ModelJson.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = null,
    });

    /// <summary>The tasks as specs write them.</summary>
    public static IReadOnlyList<string> Tasks { get; } = [.. Enum.GetValues<ModelTask>().Select(Name)];

    public static string Name(ModelTask task) => JsonSerializer.SerializeToElement(task, ModelJson.Default.ModelTask).GetString()!;

    public static string Name(ModelAlgorithm algorithm) =>
        JsonSerializer.SerializeToElement(algorithm, ModelJson.Default.ModelAlgorithm).GetString()!;

    /// <summary>A spec for people; pages escape it.</summary>
    public static string Json(ModelSpec spec) => JsonSerializer.Serialize(spec, Indented.ModelSpec);

    /// <summary>The parameters that are given, as in "trees 100".</summary>
    public static IEnumerable<string> List(ModelParameters parameters) =>
        JsonSerializer.SerializeToElement(parameters, ModelJson.Default.ModelParameters).EnumerateObject()
            .Select(member => $"{member.Name} {member.Value.ToString().ReplaceLineEndings("")}");

    public static string Figure(double? figure) => CardText.Figure(figure);

    /// <summary>A tag as filters write it.</summary>
    public static string Tag(string key, string value) => value.Length == 0 ? key : $"{key}={value}";

    public static Tone ToneOf(string? state) => state switch
    {
        VersionView.Published => Tone.Good,
        VersionView.Revoked => Tone.Bad,
        _ => Tone.Plain,
    };

    public static (string Word, Tone Tone) Verdict(GateResult gate) => gate.Verdict switch
    {
        GateVerdict.Pass => ("passed", Tone.Good),
        GateVerdict.Warn => ("warns", Tone.Warning),
        GateVerdict.NotApplicable => ("did not apply", Tone.Plain),
        _ => (gate.Accepted is null ? "failed" : "failed, accepted", Tone.Bad),
    };

    public static string Verdict(GateVerdict? verdict) => verdict switch
    {
        GateVerdict.Pass => "passed",
        GateVerdict.Warn => "warns",
        GateVerdict.Fail => "failed",
        GateVerdict.NotApplicable => "did not apply",
        _ => "has no such gate",
    };
}

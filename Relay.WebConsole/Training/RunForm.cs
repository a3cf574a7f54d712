using System.Globalization;
using Microsoft.AspNetCore.Http;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.WebConsole.Training;

/// <summary>The form of a training run, or of what starts runs, as it was filled in.</summary>
public sealed record RunForm
{
    public const string Files = "files";
    public const string Dataset = "dataset";
    public const string Simulator = "simulator";
    public const string Now = "now";
    public const string Daily = "daily";
    public const string Samples = "samples";
    public const string Drift = "drift";

    public string Model { get; init; } = "";

    /// <summary><see cref="Files"/>, <see cref="Dataset"/> or <see cref="Simulator"/>.</summary>
    public string Source { get; init; } = Files;

    public string Train { get; init; } = "";

    public string Test { get; init; } = "";

    public string DatasetName { get; init; } = "";

    public string Requests { get; init; } = "50000";

    public string Seed { get; init; } = "1";

    /// <summary><see cref="Now"/>, <see cref="Daily"/>, <see cref="Samples"/> or <see cref="Drift"/>.</summary>
    public string When { get; init; } = Now;

    public string DailyAt { get; init; } = "03:00";

    public string NewSamples { get; init; } = "10000";

    public string DriftBound { get; init; } = "0.2";

    /// <summary>A gate that is accepted although it fails; empty: none.</summary>
    public string Gate { get; init; } = "";

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What to correct, by the place in the request that the API names.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    internal TrainingDataSource Data => Source switch
    {
        Simulator => new() { Simulator = new SimulatorSource(Whole(Seed) ?? 0, Whole(Requests) ?? 0) },
        Dataset => new() { Dataset = new DatasetRows(DatasetName), Test = TextOrNull(Test) },
        _ => new() { Train = TextOrNull(Train), Test = TextOrNull(Test) },
    };

    /// <summary>Null: a run now.</summary>
    internal TriggerRule? Rule => When switch
    {
        Daily => new() { DailyAt = TimeOnly.TryParse(DailyAt, CultureInfo.InvariantCulture, out TimeOnly at) ? at : null },
        Samples => new() { NewSamples = Whole(NewSamples) },
        Drift => new() { Drift = double.TryParse(DriftBound, NumberStyles.Float, CultureInfo.InvariantCulture, out double bound) ? bound : null },
        _ => null,
    };

    internal IReadOnlyList<GateAcceptance>? Accept => Gate.Length > 0 ? [new(Gate, Reason)] : null;

    internal static RunForm Empty(string? model) => new() { Model = model ?? "" };

    internal static RunForm Read(IFormCollection form)
    {
        RunForm read = new()
        {
            Model = Text("model"),
            Source = Text("source"),
            Train = Text("train"),
            Test = Text("test"),
            DatasetName = Text("dataset"),
            Requests = Text("requests"),
            Seed = Text("seed"),
            When = Text("when"),
            DailyAt = Text("dailyAt"),
            NewSamples = Text("newSamples"),
            DriftBound = Text("driftBound"),
            Gate = Text("gate"),
            Reason = Text("reason"),
        };
        Dictionary<string, string> errors = [];
        if (read.Source is Simulator && (Whole(read.Requests) is null || Whole(read.Seed) is null))
        {
            errors["$.data.simulator"] = "Expected whole numbers of requests and of the seed.";
        }

        return read with { Errors = errors };

        string Text(string name) => form[name].ToString().Trim();
    }

    private static string? TextOrNull(string text) => text.Length > 0 ? text : null;

    private static int? Whole(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;
}

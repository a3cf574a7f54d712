using System.Globalization;
using Relay.WebConsole.Forms;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.WebConsole.Training;

/// <summary>What the form of a training run, or of what starts runs, asks for. What the API needs and the form does not say is left out: the API
/// refuses that, and names it.</summary>
internal sealed class RunFields(FilledForm form)
{
    public const string ModelField = "model";
    public const string Source = "source";
    public const string Files = "files";
    public const string Dataset = "dataset";
    public const string Simulator = "simulator";
    public const string When = "when";
    public const string Now = "now";
    public const string Daily = "daily";
    public const string Samples = "samples";
    public const string Drift = "drift";

    /// <summary>The fields that a link fills in.</summary>
    private static readonly string[] Linked = [ModelField, Source, "train", "test", "dataset", "requests", "seed"];

    public string Model => Text(ModelField);

    /// <summary>The form, filled with the rows of a run or of a dataset.</summary>
    /// <param name="model">Null: the user chooses one.</param>
    public static string LinkTo(string? model, TrainingDataSource data) => ConsolePaths.With(
        $"{ConsolePaths.Training}/new",
        (ModelField, model),
        (Source, data.Simulator is not null ? Simulator : data.Dataset is not null ? Dataset : Files),
        ("train", data.Train), ("test", data.Test), ("dataset", data.Dataset?.Name),
        ("requests", data.Simulator?.Requests.ToString(CultureInfo.InvariantCulture)),
        ("seed", data.Simulator?.Seed.ToString(CultureInfo.InvariantCulture)));

    /// <summary>What a link fills in.</summary>
    public static FilledForm Read(PageRequest request) => FilledForm.Empty with
    {
        Values = Linked.Where(name => request.Query(name) is not null)
            .ToDictionary(name => name, name => request.Query(name)!, StringComparer.Ordinal),
    };

    /// <summary>What cannot be sent to the API as it is; null: nothing.</summary>
    public string? Error => Text(Source) is Simulator && (Whole("seed") is null || Whole("requests") is null)
        ? "Requests and seed of the simulator are whole numbers."
        : null;

    public TrainingDataSource Data => Text(Source) switch
    {
        Simulator => new() { Simulator = new SimulatorSource(Whole("seed") ?? 0, Whole("requests") ?? 0) },
        Dataset => new() { Dataset = new DatasetRows(Text("dataset")), Test = TextOrNull("test") },
        _ => new() { Train = TextOrNull("train"), Test = TextOrNull("test") },
    };

    /// <summary>Null: a run now.</summary>
    public TriggerRule? Rule => Text(When) switch
    {
        Daily => new() { DailyAt = TimeOnly.TryParse(Text("dailyAt"), CultureInfo.InvariantCulture, out TimeOnly at) ? at : null },
        Samples => new() { NewSamples = Whole("newSamples") },
        Drift => new()
        {
            Drift = double.TryParse(Text("driftBound"), NumberStyles.Float, CultureInfo.InvariantCulture, out double bound) ? bound : null,
        },
        _ => null,
    };

    public IReadOnlyList<GateAcceptance>? Accept => TextOrNull("gate") is { } gate ? [new(gate, Text("reason"))] : null;

    private string Text(string name) => form.Value(name).Trim();

    private string? TextOrNull(string name) => Text(name) is { Length: > 0 } text ? text : null;

    private int? Whole(string name) =>
        int.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;
}

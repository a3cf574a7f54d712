using Microsoft.AspNetCore.Http;

namespace Relay.WebConsole.Rollouts;

/// <summary>The form that starts a rollout, as it was filled in. Its values at first are the defaults of the relay.</summary>
public sealed record StartForm
{
    public string Channel { get; init; } = "";

    /// <summary>As <see cref="VersionText"/> reads them; empty where a release is given.</summary>
    public string Models { get; init; } = "";

    /// <summary>The number of an existing release; empty where versions are given.</summary>
    public string Release { get; init; } = "";

    /// <summary>Percentages.</summary>
    public string Stages { get; init; } = "1, 10, 50, 100";

    public string MinMinutes { get; init; } = "30";

    public string MaxHours { get; init; } = "24";

    public string RoundSeconds { get; init; } = "600";

    public string Alpha { get; init; } = "0.05";

    /// <summary>Empty: 1, or 0 where the fleet is too small for that.</summary>
    public string Tolerated { get; init; } = "";

    public string MinNodes { get; init; } = "20";

    /// <summary>Of the ramp, in percent; empty for none.</summary>
    public string RampStart { get; init; } = "";

    public string RampFactor { get; init; } = "";

    public string RampMax { get; init; } = "";

    /// <summary>A time of day, UTC; empty for no window.</summary>
    public string WindowFrom { get; init; } = "";

    public string WindowTo { get; init; } = "";

    /// <summary>JSON with metrics and thresholds; empty for those of the relay.</summary>
    public string Metrics { get; init; } = "";

    public bool SchemaChange { get; init; }

    /// <summary>Whether the relay refused a change of schema, which the form then offers to accept.</summary>
    public bool AsksForSchemaChange { get; init; }

    /// <summary>What the relay answered; null: nothing yet.</summary>
    public string? Problem { get; init; }

    /// <summary>What is to correct, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a field of the rule differs from its default, so that the rule is shown.</summary>
    public bool HasRule => this with
    {
        Channel = "",
        Models = "",
        Release = "",
        SchemaChange = false,
        AsksForSchemaChange = false,
        Problem = null,
        Errors = Empty.Errors,
    } != Empty;

    private static StartForm Empty { get; } = new();

    internal static StartForm Read(IFormCollection form) => new()
    {
        Channel = Text(form, "channel"),
        Models = Text(form, "models"),
        Release = Text(form, "release"),
        Stages = Text(form, "stages"),
        MinMinutes = Text(form, "minMinutes"),
        MaxHours = Text(form, "maxHours"),
        RoundSeconds = Text(form, "roundSeconds"),
        Alpha = Text(form, "alpha"),
        Tolerated = Text(form, "tolerated"),
        MinNodes = Text(form, "minNodes"),
        RampStart = Text(form, "rampStart"),
        RampFactor = Text(form, "rampFactor"),
        RampMax = Text(form, "rampMax"),
        WindowFrom = Text(form, "windowFrom"),
        WindowTo = Text(form, "windowTo"),
        Metrics = Text(form, "metrics"),
        SchemaChange = form["schemaChange"].Count > 0,
    };

    private static string Text(IFormCollection form, string name) => form[name].ToString().Trim();
}

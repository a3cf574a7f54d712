using System.Globalization;
using Relay.WebConsole.Components;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Rollouts;

/// <summary>What the API says of a rollout, in words.</summary>
internal static class RolloutWords
{
    public static IReadOnlyList<string> Statuses { get; } = ["running", "paused", "completing", "completed", "halting", "halted", "refused"];

    public static Tone ToneOf(string status) => status switch
    {
        "running" or "completing" => Tone.Busy,
        "completed" => Tone.Good,
        "paused" => Tone.Warning,
        _ => Tone.Bad,
    };

    public static Tone ToneOfVerdict(string verdict) => verdict switch
    {
        "pass" => Tone.Good,
        "fail" => Tone.Bad,
        "not yet" => Tone.Busy,
        _ => Tone.Plain,
    };

    /// <summary>The verdict as a sentence.</summary>
    public static string Verdict(string verdict) => verdict switch
    {
        "pass" => "The candidate is shown to do no harm beyond the margins.",
        "fail" => "The candidate is shown to do harm.",
        "not yet" => "The evidence does not suffice for either.",
        _ => "No report counts yet.",
    };

    public static string Releases(RolloutView rollout) => string.Create(
        CultureInfo.InvariantCulture,
        $"{rollout.Base} to {(rollout.Candidate is { } candidate ? candidate.ToString(CultureInfo.InvariantCulture) : "a new one")}");

    /// <summary>A number of percent.</summary>
    public static string Percent(double percent) => $"{percent.ToString("0.##", CultureInfo.InvariantCulture)} %";

    /// <summary>A share from 0 to 1 as percent.</summary>
    public static string Share(double share) => $"{(share * 100).ToString("0.###", CultureInfo.InvariantCulture)} %";

    /// <summary>What nodes of a standing are to the rollout.</summary>
    public static string Standing(string standing) => standing switch
    {
        "Runs" => "run the release of their group, and count",
        "Waits" => "are to run the candidate and have not switched yet",
        "Window" => "have the candidate ready and wait for their maintenance window",
        "Refused" => "refused the candidate",
        "Quarantined" => "have an artifact of the candidate in quarantine",
        "Between" => "come later in this stage",
        "Apart" => "pin or hold a release, or run another one: they do not count",
        "Late" => "enrolled after the rollout had begun: they do not count",
        _ => standing,
    };

    /// <summary>Such as "30 minutes".</summary>
    public static string Duration(int seconds) => seconds switch
    {
        0 => "no time",
        _ when seconds % 86400 == 0 => Plural(seconds / 86400, "day"),
        _ when seconds % 3600 == 0 => Plural(seconds / 3600, "hour"),
        _ when seconds % 60 == 0 => Plural(seconds / 60, "minute"),
        _ => Plural(seconds, "second"),
    };

    private static string Plural(int count, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
}

using Relay.WebConsole.Components;
using Relay.WebConsole.Layout;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Home;

/// <summary>Something that somebody should look at.</summary>
/// <param name="Path">The page that shows it.</param>
public sealed record Concern(Tone Tone, string Text, string Path)
{
    private const string Halted = "halted";

    /// <summary>What has happened, and is not over by itself, is a concern for so long.</summary>
    internal static readonly TimeSpan Shown = TimeSpan.FromDays(1);

    /// <summary>All that is wrong, then all that is due.</summary>
    internal static IReadOnlyList<Concern> Find(HomeModel model) =>
    [
        .. Trust(model).Concat(Releases(model)).Concat(Rollouts(model)).Concat(Fleet(model.Fleet)).Concat(Runs(model)).Concat(Drifts(model))
            .Concat(Warnings(model))
            .OrderByDescending(concern => concern.Tone),
    ];

    private static IEnumerable<Concern> Trust(HomeModel model) => model.Expiries.Where(expiry => expiry.State != "fine").Select(expiry => new Concern(
        expiry.State == "expired" ? Tone.Bad : Tone.Warning,
        expiry.State == "expired" ? $"{expiry.Subject} has expired" : $"{expiry.Subject} expires in {Math.Max(0, expiry.DaysLeft):F0} days: renew it",
        ConsolePaths.Settings));

    private static IEnumerable<Concern> Releases(HomeModel model) => model.Channels
        .Where(channel => channel.Revoked.Count > 0)
        .Select(channel => new Concern(
            Tone.Bad, $"{channel.Channel} runs a revoked version: nodes refuse it, release another one", ConsolePaths.Rollouts));

    private static IEnumerable<Concern> Rollouts(HomeModel model) => model.Rollouts
        .Where(rollout => rollout.Status == Halted && rollout.FinishedAt > model.Fleet.At - Shown)
        .Select(rollout => new Concern(Tone.Bad, $"Rollout {rollout.Id} on {rollout.Channel} halted and went back", ConsolePaths.Rollout(rollout.Id)))
        .Concat(model.Rollouts.Where(rollout => rollout is { WaitsFor: not null, FinishedAt: null }).Select(rollout => new Concern(
            Tone.Warning, $"Rollout {rollout.Id} waits: {rollout.WaitsFor}", ConsolePaths.Rollout(rollout.Id))));

    private static IEnumerable<Concern> Fleet(FleetView fleet)
    {
        if (fleet.Quarantined > 0)
        {
            yield return new(
                Tone.Bad, Nodes(fleet.Quarantined, "has an artifact in quarantine", "have an artifact in quarantine"),
                ConsolePaths.With(ConsolePaths.Fleet, ("quarantined", "true")));
        }

        if (fleet.Stale > 0)
        {
            yield return new(
                Tone.Bad, Nodes(fleet.Stale, "has expired metadata", "have expired metadata"),
                ConsolePaths.With(ConsolePaths.Fleet, ("stale", "true")));
        }

        if (fleet.Elsewhere is > 0 and var elsewhere)
        {
            yield return new(
                Tone.Warning, Nodes(elsewhere, "follows a channel", "follow channels") + " that this relay does not have: 'relay status' says which",
                ConsolePaths.Fleet);
        }

        if (fleet.Silent is > 0 and var silent)
        {
            yield return new(
                Tone.Warning, Nodes(silent, "has", "have") + $" been silent for {FleetView.SilentMinutes} minutes",
                ConsolePaths.With(ConsolePaths.Fleet, ("silent", "true")));
        }
    }

    private static string Nodes(long nodes, string one, string many) => nodes == 1 ? $"1 node {one}" : $"{NumberText.Count(nodes)} nodes {many}";

    private static IEnumerable<Concern> Runs(HomeModel model) => model.Runs
        .Where(run => run.State is TrainingRunState.Failed && run.FinishedAt > model.Fleet.At - Shown)
        .Take(3)
        .Select(run => new Concern(Tone.Warning, $"Training run {run.Id} of {run.Model} failed: {run.Problem?.Fault}", ConsolePaths.Run(run.Id)));

    private static IEnumerable<Concern> Drifts(HomeModel model) => model.Drifts.Select(drift => new Concern(
        Tone.Warning,
        FormattableString.Invariant(
            $"Samples of {drift.Run.Data.Dataset?.Name} drifted by more than {drift.Bound:0.##}: run {drift.Run.Id} trains {drift.Run.Model} again"),
        ConsolePaths.Run(drift.Run.Id)));

    private static IEnumerable<Concern> Warnings(HomeModel model) =>
        model.Warnings.Select(warning => new Concern(Tone.Warning, warning, ConsolePaths.Settings));
}

using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Status;

/// <summary>The status as lines for people: first what the relay has, then what a person has to do, then each node.</summary>
internal static class StatusText
{
    /// <summary>The names in a line; more are counted.</summary>
    private const int MaximumNames = 10;

    public static IEnumerable<string> Lines(StatusReport report) =>
    [
        DisplayText.Format(
            $"{report.Relay.Models} models, {report.Relay.Versions} versions, {report.Relay.Releases} releases; up " +
                $"{TimeSpan.FromSeconds(report.Relay.UptimeSeconds)}"),
        DisplayText.Format($"runs: {Join(report.Relay.TrainingRuns.Select(r => $"{r.Value} {r.Key}"))}"),
        .. report.Relay.ObjectStore is { } store ? OfObjectStore(store) : [],
        .. report.Channels.SelectMany(OfChannel),
        .. report.Pending.SelectMany(OfPending),
        .. report.Revoked.SelectMany(OfRevoked),
        .. report.Trust.Expiries.Select(OfExpiry),
        .. report.Silent.Count == 0 ? [] : Silent(report.Silent),
        .. report.WithoutChannel.Select(node => DisplayText.Format(
            $"NO SUCH CHANNEL: {node.Id} follows {node.Channel}, which this relay does not have: correct the node's options, or publish to it")),
        .. report.Nodes.SelectMany(OfNode),
    ];

    private static IEnumerable<string> OfObjectStore(ObjectStoreView store) =>
    [
        store.BehindSince is { } since
            ? DisplayText.Format(
                $"OBJECT STORE BEHIND: {store.Bucket} has timestamp {store.Copied} of {store.Current} since {since:u}, " +
                    $"{store.Missing} files to write{(store.Problem is { } problem ? $"; {problem}" : "")}")
            : DisplayText.Format($"object store {store.Bucket}: timestamp {store.Copied}, compared {store.ComparedAt:u}"),
        .. store.Conflicts.Select(conflict => DisplayText.Format($"  NOT THE RELAY'S FILE: {conflict}")),
    ];

    private static IEnumerable<string> OfChannel(ChannelView channel) =>
    [
        DisplayText.Format($"channel {channel.Channel}: release {channel.Release}, {Join(channel.Models.Select(m => $"{m.Name} {m.Version}"))}"),
        .. channel.Revoked.Select(revoked => DisplayText.Format(
            $"  REVOKED: {revoked.Name} {revoked.Version}; nodes refuse it: publish another version, or an " +
                $"earlier release, to {channel.Channel}")),
    ];

    private static IEnumerable<string> OfPending(PendingView pending) =>
    [
        DisplayText.Format(
            $"WAITS FOR SIGNATURES: {pending.Id}, {pending.SignedBy.Count} of {pending.Threshold}, since {pending.CreatedAt:u}: " +
                $"{Join(pending.Releases.Select(release => $"release {release.Release}")
                    .Concat(pending.Revokes.Select(revoked => $"revokes {revoked.Name} {revoked.Version}")))}"),
        DisplayText.Format($"  a key holder signs it: relay approve {pending.Id} --key KEY.pem"),
    ];

    private static IEnumerable<string> OfRevoked(RevokedVersion revoked) =>
    [
        DisplayText.Format(
            $"revoked {revoked.Revocation.Name} {revoked.Revocation.Version}: {(revoked.Revocation.InForce ? "" : "NOT IN FORCE, ")}" +
                $"{revoked.Revocation.Reason ?? "no reason given"}"),
        .. revoked.Revocation.Channels.Select(channel => DisplayText.Format($"  STILL RELEASED on channel {channel}")),
        .. revoked.Nodes.Count == 0
            ? []
            : new[] { DisplayText.Format($"  STILL RUNS on {revoked.Nodes.Count} nodes, by their latest reports: {Names(revoked.Nodes)}") },
    ];

    private static string OfExpiry(TrustExpiryView expiry) => DisplayText.Format(
        $"trust {expiry.Subject}: {(expiry.State == "fine" ? "" : $"{expiry.State.ToUpperInvariant()}, ")}until {expiry.Expires:u}, " +
            $"{expiry.DaysLeft:0.0} days left");

    private static IEnumerable<string> Silent(IReadOnlyList<SilentNode> silent) =>
    [
        DisplayText.Format(
            $"SILENT for {FleetView.SilentMinutes} minutes or longer: {silent.Count} nodes, the longest first: " +
                $"{Names([.. silent.Select(node => $"{node.Id} since {node.SeenAt:u}")])}"),
    ];

    private static IEnumerable<string> OfNode(NodeView node)
    {
        CheckIn last = node.CheckIn;
        string models = Join(last.Models.Select(
            m => $"{m.Name} {m.Version} ({m.Scorer}, {m.Predictions} predictions, {m.Failures} failed"
                + $"{(m.CallerFaults > 0 ? $", {m.CallerFaults} CALLS WITHOUT ANSWER: rows or calls do not fit the model" : "")})"));
        return
        [
            DisplayText.Format(
                $"node {node.Id}: {last.Channel} release {last.Release}{(last.Stale ? ", STALE" : "")}, seen {node.SeenAt:u}" +
                    $"{(node.BannedAt is { } banned ? $", BANNED since {banned:u}" : "")}, {models}"),
            .. last.Quarantine.Select(artifact => DisplayText.Format(
                $"  quarantined {artifact.Model} {artifact.Version}: {artifact.Reason}")),
            .. last.Refusals.Select(refusal => DisplayText.Format($"  refused {refusal.Subject}: {refusal.Reason}, {refusal.Detail}")),
            .. (last.Cut ?? []).Select(cut => DisplayText.Format($"  cut from its report: {cut}")),
        ];
    }

    private static string Names(IReadOnlyList<string> names) =>
        Join(names.Take(MaximumNames)) + (names.Count > MaximumNames ? $" and {names.Count - MaximumNames} more" : "");

    private static string Join(IEnumerable<string> parts) => string.Join(", ", parts) is { Length: > 0 } joined ? joined : "none";
}

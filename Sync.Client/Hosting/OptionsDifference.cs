using System.Globalization;

namespace Sync.Client.Hosting;

/// <summary>Which options differ between two states of a configuration.</summary>
internal static class OptionsDifference
{
    /// <summary>Those that a running node applies.</summary>
    private static readonly (string Name, Func<RelaySyncOptions, string?> Read)[] Live =
    [
        (nameof(RelaySyncOptions.PollInterval), o => Text(o.PollInterval)),
        (nameof(RelaySyncOptions.MaintenanceWindow), o => o.MaintenanceWindow),
        (nameof(RelaySyncOptions.Require), o => Text(o.Require)),
    ];

    private static readonly (string Name, Func<RelaySyncOptions, string?> Read)[] Others =
    [
        (nameof(RelaySyncOptions.Relay), o => o.Relay?.ToString()),
        (nameof(RelaySyncOptions.Mirrors), o => Text(o.Mirrors)),
        (nameof(RelaySyncOptions.RedirectHosts), o => Text(o.RedirectHosts)),
        (nameof(RelaySyncOptions.MirrorTlsRoot), o => o.MirrorTlsRoot),
        (nameof(RelaySyncOptions.AirGapped), o => Text(o.AirGapped)),
        (nameof(RelaySyncOptions.TrustedRoot), o => o.TrustedRoot),
        (nameof(RelaySyncOptions.TlsRoot), o => o.TlsRoot),
        (nameof(RelaySyncOptions.EnrollmentToken), o => o.EnrollmentToken),
        (nameof(RelaySyncOptions.EnrollmentTokenFile), o => o.EnrollmentTokenFile),
        (nameof(RelaySyncOptions.StoreFolder), o => o.StoreFolder),
        (nameof(RelaySyncOptions.NodeId), o => o.NodeId),
        (nameof(RelaySyncOptions.Channel), o => o.Channel),
        (nameof(RelaySyncOptions.Models), o => Text(o.Models)),
        (nameof(RelaySyncOptions.Scorer), o => o.Scorer.ToString()),
        (nameof(RelaySyncOptions.Push), o => Text(o.Push)),
        (nameof(RelaySyncOptions.UsageInterval), o => Text(o.UsageInterval)),
        (nameof(RelaySyncOptions.Proxy), o => o.Proxy?.ToString()),
        (nameof(RelaySyncOptions.Explanations), o => Text(o.Explanations)),
        (nameof(RelaySyncOptions.Shadow), o => o.Shadow is { } s ? Text(s.Calls, s.MaxDisagreement, s.ValueTolerance, s.MaxWait) : null),
        (nameof(RelaySyncOptions.Samples), o => o.Samples is { } s ? Text(s.Fraction, s.MaxPending, s.Interval) : null),
        (nameof(RelaySyncOptions.Budgets), o => Text(
            o.Budgets.TryOutLatency, o.Budgets.TryOutTime, o.Budgets.TryOutBytes, o.Budgets.DownloadDeadline, o.Budgets.MinimumBytesPerSecond,
            o.Budgets.SlowBodyGrace, o.Budgets.Retries, o.Budgets.RetryDelay, o.Budgets.ArtifactBytes)),
    ];

    /// <summary>All options.</summary>
    public static IEnumerable<string> Names => Live.Concat(Others).Select(option => option.Name);

    /// <returns>The names of options that a running node applies, and of those that need a start.</returns>
    public static (IReadOnlyList<string> Live, IReadOnlyList<string> Others) Find(RelaySyncOptions before, RelaySyncOptions now) =>
        (Find(Live, before, now), Find(Others, before, now));

    private static List<string> Find(
        (string Name, Func<RelaySyncOptions, string?> Read)[] options, RelaySyncOptions before, RelaySyncOptions now) =>
        [.. options.Where(option => option.Read(before) != option.Read(now)).Select(option => option.Name)];

    private static string Text<T>(IEnumerable<T> items) => string.Join('\n', items);

    private static string Text(params object[] values) =>
        string.Join('\n', values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));
}

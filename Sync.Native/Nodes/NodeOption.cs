using System.Globalization;
using Sync.Client;
using Sync.Native.Interop;

namespace Sync.Native.Nodes;

/// <summary>An option of <c>relaysync_open</c>.</summary>
/// <param name="Name">As <c>relaysync.h</c> lists it.</param>
/// <param name="Property">The property of <see cref="RelaySyncOptions"/> that it sets.</param>
/// <param name="Set">Reads a value.</param>
/// <param name="MayRepeat">True for a list.</param>
internal sealed record NodeOption(string Name, string Property, Action<RelaySyncOptions, string> Set, bool MayRepeat = false)
{
    public static IReadOnlyList<NodeOption> All { get; } =
    [
        new("relay", nameof(RelaySyncOptions.Relay), (o, v) => o.Relay = ReadAddress(v)),
        new("root", nameof(RelaySyncOptions.TrustedRoot), (o, v) => o.TrustedRoot = v),
        new("ca", nameof(RelaySyncOptions.TlsRoot), (o, v) => (o.TlsRoot, o.MirrorTlsRoot) = (v, v)),
        new("proxy", nameof(RelaySyncOptions.Proxy), (o, v) => o.Proxy = ReadProxy(v)),
        new("store", nameof(RelaySyncOptions.StoreFolder), (o, v) => o.StoreFolder = v),
        new("model", nameof(RelaySyncOptions.Models), (o, v) => o.Models.Add(v), MayRepeat: true),
        new("channel", nameof(RelaySyncOptions.Channel), (o, v) => o.Channel = v),
        new("node", nameof(RelaySyncOptions.NodeId), (o, v) => o.NodeId = v),
        new("enroll-token-file", nameof(RelaySyncOptions.EnrollmentTokenFile), (o, v) => o.EnrollmentTokenFile = v),
        new("mirror", nameof(RelaySyncOptions.Mirrors), (o, v) => o.Mirrors.Add(ReadAddress(v)), MayRepeat: true),
        new("redirect-host", nameof(RelaySyncOptions.RedirectHosts), (o, v) => o.RedirectHosts.Add(v), MayRepeat: true),
        new("air-gapped", nameof(RelaySyncOptions.AirGapped), (o, v) => o.AirGapped = ReadTruth(v)),
        new("poll-seconds", nameof(RelaySyncOptions.PollInterval), (o, v) => o.PollInterval = ReadSeconds(v)),
        new("push", nameof(RelaySyncOptions.Push), (o, v) => o.Push = ReadTruth(v)),
        new("maintenance-window", nameof(RelaySyncOptions.MaintenanceWindow), (o, v) => o.MaintenanceWindow = v),
        new("require", nameof(RelaySyncOptions.Require), (o, v) => o.Require.Add(v), MayRepeat: true),
        new("explanations", nameof(RelaySyncOptions.Explanations), (o, v) => o.Explanations = ReadTruth(v)),
        new("retries", nameof(RelaySyncOptions.Budgets), (o, v) => o.Budgets.Retries = ReadCount(v)),
        new("try-out-latency-seconds", nameof(RelaySyncOptions.Budgets), (o, v) => o.Budgets.TryOutLatency = ReadSeconds(v)),
    ];

    private static Uri ReadAddress(string value) => Uri.TryCreate(value, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps
        ? address
        : throw new FormatException("no https:// address");

    private static Uri ReadProxy(string value) => Uri.TryCreate(value, UriKind.Absolute, out Uri? address)
        ? address
        : throw new FormatException("no address such as http://proxy:3128");

    private static bool ReadTruth(string value) => value switch
    {
        "true" => true,
        "false" => false,
        _ => throw new FormatException("neither true nor false"),
    };

    private static TimeSpan ReadSeconds(string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 1e6
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException("no number of seconds above 0, such as 30 or 0.5");

    private static int ReadCount(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
        ? count
        : throw new FormatException("no whole number from 0");
}

using Sync.Client;

namespace Sync.Node;

/// <summary>The options of the command line by which messages say what to set, by the names of <see cref="RelaySyncOptions"/>.</summary>
internal static class NodeOptionNames
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        [nameof(RelaySyncOptions.TrustedRoot)] = "--root",
        [nameof(RelaySyncOptions.StoreFolder)] = "--store",
        [nameof(RelaySyncOptions.Channel)] = "--channel",
        [nameof(RelaySyncOptions.NodeId)] = "--node",
        [nameof(RelaySyncOptions.Models)] = "--model",
        [nameof(RelaySyncOptions.Relay)] = "--relay",
        [nameof(RelaySyncOptions.Mirrors)] = "--mirror",
        [nameof(RelaySyncOptions.TlsRoot)] = "--ca",
        [nameof(RelaySyncOptions.MirrorTlsRoot)] = "--ca",
        [nameof(RelaySyncOptions.RedirectHosts)] = "--redirect-host",
        [nameof(RelaySyncOptions.Proxy)] = "--proxy",
        [nameof(RelaySyncOptions.EnrollmentTokenFile)] = "--enroll-token-file",
        [nameof(RelaySyncOptions.MaintenanceWindow)] = "--maintenance-window",
        [nameof(RelaySyncOptions.Require)] = "--require",
    };
}

using Relay.AdminClient.Transport;
using Relay.WebConsole.Layout;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Fleet;

/// <summary>Files about a node.</summary>
internal static class NodePaths
{
    /// <summary>The signed documents behind what it ran at a time, as a tar archive.</summary>
    public static string Evidence(string id, DateTimeOffset at) =>
        ConsolePaths.File(new QueryText().Add("at", at).ToPath($"{Routes.HistoryOf(id)}/evidence"));
}

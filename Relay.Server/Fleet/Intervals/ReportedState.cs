using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet.Intervals;

/// <summary>What two reports have in common that are of one interval: the node's key, what it runs, and why as far as the node says it. Counts,
/// refusals and the version of the metadata change without another state.</summary>
internal static class ReportedState
{
    /// <summary>The state of an interval in which a node changed more often than is kept.</summary>
    public const string Crowded = "";

    /// <param name="keyIdentity">The key that signed the report; empty for a report that is not signed.</param>
    public static string Create(CheckIn report, string keyIdentity)
    {
        StringBuilder text = new();
        Add(text, keyIdentity, report.Channel, report.Release.ToString(CultureInfo.InvariantCulture), report.Stale ? "stale" : "",
            report.Steering ?? "");
        foreach (ActiveModel model in report.Models)
        {
            Add(text, "model", model.Name, model.Version.ToString(CultureInfo.InvariantCulture), model.Sha256);
        }

        foreach (QuarantinedArtifact artifact in report.Quarantine)
        {
            Add(text, "quarantine", artifact.Sha256);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }

    // With their lengths, so that no two lists of parts have one text.
    private static void Add(StringBuilder text, params ReadOnlySpan<string> parts)
    {
        foreach (string part in parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{part.Length}:{part}");
        }
    }
}

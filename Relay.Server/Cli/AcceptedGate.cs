using System.Text.Json;
using Shared.Contracts.Api;
using Shared.Contracts.Evidence;
using Shared.Contracts.Models;

namespace Relay.Server.Cli;

/// <summary>A gate that failed for a version, and that the trainer accepted.</summary>
/// <param name="Version">The model and its version.</param>
/// <param name="Figure">As text, or "none".</param>
/// <param name="Bound">As text, or "none".</param>
internal sealed record AcceptedGate(string Version, string Name, string Figure, string Bound, string Reason)
{
    /// <param name="testResult">The file, which the metadata to sign list.</param>
    /// <exception cref="CommandException">It is not a test result.</exception>
    public static IReadOnlyList<AcceptedGate> Read(byte[] testResult, PendingFileView file)
    {
        try
        {
            string[] folders = file.Path.Split('/');
            return
            [
                .. TestResultReader.ReadUnverified(testResult)
                    .Where(gate => gate.Verdict is GateVerdict.Fail)
                    .Select(gate => new AcceptedGate(
                        $"{folders[1]} {folders[2]}", gate.Name, Text(gate.Figure), Text(gate.Bound), gate.Accepted ?? "no reason given")),
            ];
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or InvalidOperationException)
        {
            throw new CommandException($"'{file.Path}' is not a test result: {unreadable.Message}. Nothing was signed.");
        }
    }

    private static string Text(double? figure) =>
        figure is { } number ? number.ToString("G6", System.Globalization.CultureInfo.InvariantCulture) : "none";
}

using Shared.Contracts.Models;

namespace Relay.Server.Training.Records;

/// <summary>The lines of a log about gates.</summary>
internal static class GateLines
{
    public static void Write(RunRecord record, IReadOnlyList<GateResult>? gates)
    {
        foreach (GateResult gate in gates ?? [])
        {
            string accepted = gate.Accepted is { } why ? $"; accepted: {why}" : "";
            record.Write($"Gate {gate.Name} {Describe(gate.Verdict)}: {gate.Detail}{accepted}", gate.Verdict is GateVerdict.Fail or GateVerdict.Warn);
        }
    }

    private static string Describe(GateVerdict verdict) => verdict switch
    {
        GateVerdict.Pass => "passed",
        GateVerdict.Warn => "warned",
        GateVerdict.Fail => "failed",
        _ => "did not apply",
    };
}

using Shared.Contracts;
using Shared.Contracts.Models;

namespace Relay.Server.Cli;

/// <summary>What people read of gates.</summary>
internal static class GateText
{
    /// <summary>One line with the number of gates that passed, and one for each that warned or failed.</summary>
    public static IEnumerable<string> Describe(IReadOnlyList<GateResult> gates)
    {
        if (gates.Count == 0)
        {
            yield break;
        }

        yield return DisplayText.Format(
            $"gates: {gates.Count(g => g.Verdict is GateVerdict.Pass)} passed, {gates.Count(g => g.Verdict is GateVerdict.NotApplicable)} not " +
                $"applicable");
        foreach (GateResult gate in gates)
        {
            if (gate.Verdict is GateVerdict.Warn)
            {
                yield return DisplayText.Format($"  {gate.Name} warns: {gate.Detail}");
            }
            else if (gate.Verdict is GateVerdict.Fail)
            {
                yield return DisplayText.Format($"  {gate.Name} FAILED: {gate.Detail}")
                    + (gate.Accepted is { } reason ? DisplayText.Format($"; accepted: {reason}") : "");
            }
        }
    }
}

using Relay.Training.Gates;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>Validates the gates that a caller accepts in advance, so that the caller sees an error at once.</summary>
internal static class AcceptanceValidator
{
    /// <summary>Gives each gate its reason: one for all gates, or one for each in their order.</summary>
    /// <returns>Null where the numbers do not match.</returns>
    public static IReadOnlyList<GateAcceptance>? Pair(IReadOnlyList<string> gates, IReadOnlyList<string> reasons) =>
        reasons.Count != gates.Count && (reasons.Count != 1 || gates.Count == 0)
            ? null
            : [.. gates.Select((gate, i) => new GateAcceptance(gate, reasons[reasons.Count == 1 ? 0 : i]))];

    /// <summary>Errors by path; empty for valid acceptances.</summary>
    /// <param name="path">Of the list.</param>
    public static Dictionary<string, string> Validate(IReadOnlyList<GateAcceptance?>? accept, string path = "$.accept")
    {
        Dictionary<string, string> errors = [];
        HashSet<string> gates = new(StringComparer.Ordinal);
        for (int i = 0; i < accept?.Count; i++)
        {
            string? error = accept[i] is not { } one ? "null, expected an object with gate and reason"
                : GateAcceptances.FindError(one.Gate, one.Reason) ?? (gates.Add(one.Gate) ? null : $"the gate '{one.Gate}' is accepted twice");
            if (error is not null)
            {
                errors.Add($"{path}[{i}]", error);
            }
        }

        return errors;
    }
}

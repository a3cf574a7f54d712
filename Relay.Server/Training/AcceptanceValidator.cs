using Relay.Training.Gates;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>Validates the gates that a caller accepts in advance, so that the caller sees an error at once.</summary>
internal static class AcceptanceValidator
{
    /// <summary>Errors by JSON path; empty for valid acceptances.</summary>
    public static Dictionary<string, string> Validate(IReadOnlyList<GateAcceptance?>? accept)
    {
        Dictionary<string, string> errors = [];
        HashSet<string> gates = new(StringComparer.Ordinal);
        for (int i = 0; i < accept?.Count; i++)
        {
            string? error = accept[i] is not { } one ? "null, expected an object with gate and reason"
                : GateAcceptances.FindError(one.Gate, one.Reason) ?? (gates.Add(one.Gate) ? null : $"the gate '{one.Gate}' is accepted twice");
            if (error is not null)
            {
                errors.Add($"$.accept[{i}]", error);
            }
        }

        return errors;
    }
}

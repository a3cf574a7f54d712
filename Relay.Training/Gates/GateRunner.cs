using Shared.Contracts.Models;

namespace Relay.Training.Gates;

/// <summary>Runs gates, and refuses what fails one of them that no person accepted.</summary>
/// <param name="accepted">The gates that a person accepts, with the reason.</param>
internal sealed class GateRunner(IReadOnlyDictionary<string, string> accepted)
{
    private readonly List<GateResult> _results = [];

    /// <summary>The results so far.</summary>
    public IReadOnlyList<GateResult> Results => [.. _results];

    /// <summary>Runs all of the gates, so that one answer names everything that is wrong.</summary>
    /// <exception cref="TrainingException">A gate failed that no person accepted; with the fault of the first.</exception>
    public void Run(IReadOnlyList<IGate> gates, GateContext context, CancellationToken cancellationToken)
    {
        List<(IGate Gate, GateResult Result)> refused = [];
        foreach (IGate gate in gates)
        {
            cancellationToken.ThrowIfCancellationRequested();
            GateResult result = gate.Check(context);
            if (result.Verdict is GateVerdict.Fail && gate.CanBeAccepted && accepted.TryGetValue(gate.Name, out string? reason))
            {
                result = result with { Accepted = reason };
            }

            _results.Add(result);
            if (result is { Verdict: GateVerdict.Fail, Accepted: null })
            {
                refused.Add((gate, result));
            }
        }

        if (refused.Count > 0)
        {
            throw new TrainingException(
                refused[0].Gate.Fault, string.Join("; ", refused.Select(r => $"gate {r.Result.Name}: {r.Result.Detail}")))
            { Gates = Results };
        }
    }
}

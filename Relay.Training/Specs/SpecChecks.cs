using Relay.Training.Engines;
using Shared.Contracts.Models;

namespace Relay.Training.Specs;

/// <summary>Refuses a spec that contradicts itself or that no engine here can train, before any file is opened.</summary>
public static class SpecChecks
{
    /// <exception cref="TrainingException">With <see cref="TrainingFault.InvalidSpec"/>.</exception>
    public static void Require(ModelSpec spec)
    {
        if (ModelSpecRules.FirstProblem(spec) is { } problem)
        {
            throw new TrainingException(
                TrainingFault.InvalidSpec, $"spec, {problem.Path}: {problem.Found}; expected {problem.Expected}");
        }

        EngineCatalog.Require(spec);
    }
}

using Relay.Training.Engines.Common;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Managed.Isolation;

/// <summary>Parameters of an isolation forest with defaults filled in and ranges checked.</summary>
internal sealed record IsolationParameters(int Trees, int SamplesPerTree, double Contamination, ulong Seed)
{
    public static IsolationParameters From(ModelParameters given) => new(
        ParameterRange.Check("trees", given.Trees ?? 100, 1, 10_000),
        ParameterRange.Check("samplesPerTree", given.SamplesPerTree ?? 256, 2, 65_536),
        ParameterRange.CheckAbove("contamination", given.Contamination ?? 0.1, 0, 0.5),
        given.Seed ?? ModelParameters.DefaultSeed);
}

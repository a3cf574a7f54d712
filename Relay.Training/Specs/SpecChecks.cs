using Relay.Training.Data.Tables;
using Relay.Training.Engines;
using Relay.Training.Gates;
using Shared.Contracts.Models;

namespace Relay.Training.Specs;

/// <summary>Checks a spec before any file is opened: that it is consistent, that an engine trains
/// it, and that there are the gates it names.</summary>
public static class SpecChecks
{
    /// <exception cref="TrainingException">With <see cref="TrainingFault.InvalidSpec"/> or <see cref="TrainingFault.EngineMissing"/>.</exception>
    public static void Require(ModelSpec spec, EngineCatalog engines)
    {
        DataChecks.RequireConsistent(spec);
        engines.Require(spec);
        GateCatalog.Require(spec);
    }
}

using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Relay.Training.Engines;
using Relay.Training.Engines.Abstractions;
using Shared.Contracts.Models;

namespace Relay.Training.Reproducing;

/// <summary>Records what a run depended on beside its spec and its rows.</summary>
public static class TrainingRecorder
{
    /// <summary>The version of this program, with its commit where the build knows it.</summary>
    public static string Producer { get; } = EngineVersions.FromAssembly(typeof(TrainingRecorder).Assembly);

    /// <summary>System and processor, such as linux-x64.</summary>
    public static string Platform { get; } =
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    private static readonly string OnnxRuntime = EngineVersions.FromAssembly(typeof(InferenceSession).Assembly).Split('+')[0];

    internal static TrainingRecord Create(TrainingJob job, ITrainingEngine engine) => new()
    {
        Producer = Producer,
        EngineVersion = engine.Version,
        OnnxRuntime = OnnxRuntime,
        Platform = Platform,
        Seed = job.Spec.Parameters.Seed ?? ModelParameters.DefaultSeed,
        Threads = engine.IsThreadIndependent ? null : job.Threads ?? Environment.ProcessorCount,
        HeldOutShare = job.Data is DataOrigin.Files { TestPath: null, HeldOutShare: var share } ? share : null,
        Simulator = job.Data is DataOrigin.Simulated simulated ? new SimulatedRows(simulated.Seed, simulated.Requests) : null,
        Parts = job.Data is DataOrigin.Owned ? job.Shards.Size : (job.Data as DataOrigin.Parts)?.TrainPaths.Count,
        Incumbent = job.Incumbent?.Card is { } card ? new ComparedVersion(card.Name, card.Version, card.Sha256) : null,
    };
}

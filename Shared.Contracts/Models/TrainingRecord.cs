using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>What a training run depended on beside its spec and its rows, so that anyone can run it again to the same bytes.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record TrainingRecord
{
    /// <summary>The version of the program that trained, with its commit where the build knows it.</summary>
    public required string Producer { get; init; }

    /// <summary>The version of the engine that the spec names.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>The version of ONNX Runtime, whose bits the golden vectors are.</summary>
    public required string OnnxRuntime { get; init; }

    /// <summary>System and processor, such as linux-x64. On another one the last bits of golden vectors may differ.</summary>
    public required string Platform { get; init; }

    /// <summary>The seed of every random choice, also where the spec leaves it to the default.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The number of threads, where the engine's bytes depend on it; null where any number gives the same bytes.</summary>
    public int? Threads { get; init; }

    /// <summary>The share of rows at the end of the training file that was held out; null where the held-out rows are a file of their own.</summary>
    public double? HeldOutShare { get; init; }

    /// <summary>The parameters of the simulator; null where rows came from files.</summary>
    public SimulatedRows? Simulator { get; init; }

    /// <summary>The number of training files, one for each process, whose digests the digest of the training
    /// data is computed from; null for one file.</summary>
    public int? Parts { get; init; }

    /// <summary>The version that gates compared with; null where there was none.</summary>
    public ComparedVersion? Incumbent { get; init; }
}

/// <summary>Rows that the simulator makes.</summary>
/// <param name="Requests">Training and held-out rows together.</param>
public sealed record SimulatedRows(int Seed, int Requests);

/// <summary>A version that gates compared a new one with.</summary>
/// <param name="Sha256">Of its ONNX file, lower-case hexadecimal.</param>
public sealed record ComparedVersion(string Name, int Version, string Sha256);

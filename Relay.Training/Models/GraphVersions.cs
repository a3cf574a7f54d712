namespace Relay.Training.Models;

/// <summary>The versions of operators that a graph is written in.</summary>
/// <param name="Standard">Of the general operators.</param>
/// <param name="MachineLearning">Of the operators for trees and encoders.</param>
/// <param name="Ir">Of the file format.</param>
internal sealed record GraphVersions(long Standard, long MachineLearning, long Ir)
{
    public static GraphVersions Default { get; } = new(17, 3, 8);
}

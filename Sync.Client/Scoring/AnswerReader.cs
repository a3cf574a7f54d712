using Shared.Contracts.Models;

namespace Sync.Client.Scoring;

/// <summary>Makes the answer of one row from its numeric output.</summary>
internal abstract class AnswerReader<T>(ActiveModelVersion version)
{
    protected ActiveModelVersion Version { get; } = version;

    /// <param name="outputs">The numbers of one row, none of them NaN.</param>
    /// <param name="usage">Counts the answer; null for one that no caller gets.</param>
    public abstract T Read(ReadOnlySpan<float> outputs, ThreadUsage? usage = null);
}

using Shared.Contracts.Models;

using Shared.Contracts.Reports;

namespace Sync.Client.Scoring;

/// <summary>Reads the number that a regression predicts.</summary>
internal sealed class ValueReader(ActiveModelVersion version) : AnswerReader<PredictedValue>(version)
{
    public override PredictedValue Read(ReadOnlySpan<float> outputs, ThreadUsage? usage = null)
    {
        usage?.AddRow(ScoreBins.OfValue(outputs[0]));
        return new(outputs[0], Version.Version, Version.Sha256) { Scorer = Version.Scorer };
    }
}

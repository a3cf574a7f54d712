using Shared.Contracts.Models;
using Shared.Contracts.Reports;

namespace Sync.Client.Scoring;

/// <summary>Reads an anomaly score: a row is an anomaly where the score is below the offset.</summary>
internal sealed class AnomalyReader(ActiveModelVersion version) : AnswerReader<AnomalyScore>(version)
{
    private readonly float _offset = version.Offset
        ?? throw new ArgumentException($"{version.Name} is an anomaly detector without an offset.", nameof(version));

    public override AnomalyScore Read(ReadOnlySpan<float> outputs, ThreadUsage? usage = null)
    {
        bool isAnomaly = outputs[0] < _offset;
        usage?.AddRow(isAnomaly ? 1 : 0, ScoreBins.OfAnomalyScore(outputs[0]));
        return new(outputs[0], isAnomaly, Version.Version, Version.Sha256) { Scorer = Version.Scorer };
    }

    public string LabelOf(ReadOnlySpan<float> outputs) => ModelSchema.AnomalyClasses[Read(outputs).IsAnomaly ? 1 : 0];
}

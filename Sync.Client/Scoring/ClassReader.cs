using Shared.Contracts.Models;
using Shared.Contracts.Reports;

namespace Sync.Client.Scoring;

/// <summary>Reads the class with the highest probability, the first one on a tie.</summary>
internal sealed class ClassReader(ActiveModelVersion version) : AnswerReader<Prediction>(version)
{
    private readonly string[] _classes = [.. version.Schema.Classes];
    private readonly int _benign = version.Schema.Benign is { } name ? version.Schema.Classes.ToList().IndexOf(name) : -1;

    public override Prediction Read(ReadOnlySpan<float> outputs, ThreadUsage? usage = null)
    {
        int best = 0;
        for (int i = 1; i < outputs.Length; i++)
        {
            if (outputs[i] > outputs[best])
            {
                best = i;
            }
        }

        usage?.AddRow(best, ScoreBins.OfProbability(outputs[best]));
        return new Prediction(_classes[best], best, outputs[best], Version.Version, Version.Sha256, best == _benign) { Scorer = Version.Scorer };
    }
}

using System.Diagnostics.CodeAnalysis;
using Shared.Contracts.Models;
using Sync.Client;
using Sync.Client.Scoring;
using Sync.Native.Interop;

namespace Sync.Native.Models;

/// <summary>Makes the answers that C reads, for one version that is active. It holds no scorer, so that one that was swapped out is freed.</summary>
internal sealed class VersionReaders
{
    private readonly AnswerReader<NativePrediction>? _predictions;
    private readonly AnswerReader<NativeScore>? _scores;
    private readonly AnswerReader<NativeValue>? _values;

    public VersionReaders(ModelScorer scorer)
    {
        (Version, Native) = (scorer.Version, NativeVersion.From(scorer.Version));
        _predictions = Version.Schema.Task is ModelTask.Classification ? new PredictionReader(scorer.Classes, Version, Native) : null;
        _scores = Version.Schema.Task is ModelTask.AnomalyDetection ? new ScoreReader(scorer.Anomalies, Version, Native) : null;
        _values = Version.Schema.Task is ModelTask.Regression ? new ValueReader(scorer.Values, Version, Native) : null;
    }

    public ActiveModelVersion Version { get; }

    public NativeVersion Native { get; }

    public AnswerReader<NativePrediction> Predictions(ModelScorer scorer) => _predictions ?? ThrowTask<AnswerReader<NativePrediction>>(scorer);

    public AnswerReader<NativeScore> Scores(ModelScorer scorer) => _scores ?? ThrowTask<AnswerReader<NativeScore>>(scorer);

    public AnswerReader<NativeValue> Values(ModelScorer scorer) => _values ?? ThrowTask<AnswerReader<NativeValue>>(scorer);

    /// <summary>Refuses a call that scales rows, where the version is for another task.</summary>
    public void RequireScaling(ModelScorer scorer)
    {
        if (Version.Schema.Task is not ModelTask.Scaling)
        {
            ThrowTask<object>(scorer);
        }
    }

    [DoesNotReturn]
    private static T ThrowTask<T>(ModelScorer scorer) => throw scorer.CreateFault(
        RelayModelFault.WrongTask,
        $"{scorer.Version.Name} version {scorer.Version.Version} is a model for " + scorer.Version.Schema.Task switch
        {
            ModelTask.Classification => "classification: call relaysync_predict",
            ModelTask.Regression => "regression: call relaysync_value_row",
            ModelTask.AnomalyDetection => "anomaly detection: call relaysync_score_row",
            _ => "scaling: call relaysync_transform_row",
        });

    private sealed unsafe class PredictionReader(AnswerReader<Prediction> inner, ActiveModelVersion version, NativeVersion native)
        : AnswerReader<NativePrediction>(version)
    {
        public override NativePrediction Read(ReadOnlySpan<float> outputs, ThreadUsage? usage = null)
        {
            Prediction answer = inner.Read(outputs, usage);
            return new NativePrediction
            {
                Label = native.Classes[answer.LabelIndex],
                Sha256 = native.Sha256,
                Version = answer.Version,
                LabelIndex = answer.LabelIndex,
                Probability = answer.Probability,
                IsBenign = answer.IsBenign ? 1 : 0,
            };
        }
    }

    private sealed unsafe class ScoreReader(AnswerReader<AnomalyScore> inner, ActiveModelVersion version, NativeVersion native)
        : AnswerReader<NativeScore>(version)
    {
        public override NativeScore Read(ReadOnlySpan<float> outputs, ThreadUsage? usage = null)
        {
            AnomalyScore answer = inner.Read(outputs, usage);
            return new NativeScore
            {
                Label = native.Classes[answer.IsAnomaly ? 1 : 0],
                Sha256 = native.Sha256,
                Version = answer.Version,
                Score = answer.Score,
                IsAnomaly = answer.IsAnomaly ? 1 : 0,
            };
        }
    }

    private sealed unsafe class ValueReader(AnswerReader<PredictedValue> inner, ActiveModelVersion version, NativeVersion native)
        : AnswerReader<NativeValue>(version)
    {
        public override NativeValue Read(ReadOnlySpan<float> outputs, ThreadUsage? usage = null)
        {
            PredictedValue answer = inner.Read(outputs, usage);
            return new NativeValue { Sha256 = native.Sha256, Version = answer.Version, Value = answer.Value };
        }
    }
}

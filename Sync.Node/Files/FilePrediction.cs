using System.Runtime.InteropServices;
using Shared.Contracts.Models;
using Sync.Client;

namespace Sync.Node.Files;

/// <summary>Answers each row of a file with the active version, in blocks: memory does not grow with the file.</summary>
internal sealed class FilePrediction(IRelayModel model, InputRows rows, AnswerFile output, Progress progress)
{
    private const int BlockRows = 1024;
    private readonly ActiveModelVersion _version = model.Active;
    private readonly List<float> _numbers = [];
    private readonly List<string> _categories = [];

    public static IReadOnlyList<AnswerColumn> ColumnsOf(ModelSchema schema)
    {
        IEnumerable<string> numbers = schema.Task switch
        {
            ModelTask.Classification => schema.Classes.Select(name => $"probability_{name}"),
            ModelTask.Scaling => schema.Inputs.Select(input => input.Name),
            _ => [schema.NumericOutput],
        };
        IEnumerable<AnswerColumn> label = schema.HasLabels ? [new AnswerColumn(ModelSchema.LabelOutput, AnswerType.Text)] : [];
        return [.. label, .. numbers.Select(name => new AnswerColumn(name, AnswerType.Single))];
    }

    /// <returns>The number of rows.</returns>
    /// <exception cref="RelayModelException">A row lacks a required value.</exception>
    /// <exception cref="FileException">A row cannot be read.</exception>
    public long Run(CancellationToken cancellationToken)
    {
        long done = 0;
        while (rows.ReadRows(BlockRows, _numbers, _categories) is > 0 and int count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                Answer(count);
            }
            catch (RelayModelException refused) when (refused.Fault is RelayModelFault.MissingValue)
            {
                throw new FileException($"{refused.Message}; rows are counted from 0 after row {done}");
            }

            progress.Report(done += count);
        }

        return done;
    }

    private void Answer(int count)
    {
        ReadOnlySpan<float> numbers = CollectionsMarshal.AsSpan(_numbers);
        ReadOnlySpan<string> categories = CollectionsMarshal.AsSpan(_categories);
        switch (_version.Schema.Task)
        {
            case ModelTask.Classification:
                Classify(numbers, categories, count);
                break;
            case ModelTask.AnomalyDetection:
                AnomalyScore[] scores = new AnomalyScore[count];
                model.ScoreSamplesBatch(numbers, categories, scores);
                Array.ForEach(scores, score => WriteRow(ModelSchema.AnomalyClasses[score.IsAnomaly ? 1 : 0], [score.Score]));
                break;
            case ModelTask.Regression:
                PredictedValue[] values = new PredictedValue[count];
                model.PredictValueBatch(numbers, categories, values);
                Array.ForEach(values, value => WriteRow(null, [value.Value]));
                break;
            default:
                float[] features = new float[numbers.Length];
                model.Transform(numbers, features);
                features.Chunk(features.Length / count).ToList().ForEach(row => WriteRow(null, row));
                break;
        }
    }

    private void Classify(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int count)
    {
        Prediction[] predictions = new Prediction[count];
        float[] probabilities = new float[count * _version.Schema.Classes.Count];
        model.PredictBatch(numbers, categories, predictions, probabilities);
        for (int row = 0; row < count; row++)
        {
            WriteRow(predictions[row].Label, probabilities.AsSpan(row * _version.Schema.Classes.Count, _version.Schema.Classes.Count));
        }
    }

    private void WriteRow(string? label, ReadOnlySpan<float> numbers)
    {
        if (label is not null)
        {
            output.Write(label);
        }

        foreach (float number in numbers)
        {
            output.Write(number);
        }

        output.EndRow();
    }
}

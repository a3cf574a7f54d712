using System.Text.Json;
using Relay.Training.Data.Features;
using Relay.Training.Engines.Xgboost;
using Relay.Training.Importing.Artifacts;
using Relay.Training.Importing.Lightgbm;
using Relay.Training.Importing.Onnx;
using Relay.Training.Importing.Proof;
using Relay.Training.Importing.Xgboost;
using Relay.Training.Models;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Importing;

/// <summary>Reads a file of any format that is imported.</summary>
internal static class ModelImporter
{
    /// <exception cref="TrainingException">With InvalidModelFile or InvalidSpec: what is wrong with the file, or does not match the spec.</exception>
    public static ImportedModel Read(ImportJob job)
    {
        if (job.File.Length > ImportBounds.MaxBytes)
        {
            throw new TrainingException(TrainingFault.InvalidModelFile, $"{job.FileName}: {job.File.Length} bytes, at most {ImportBounds.MaxBytes}");
        }

        ImportFormat format = ImportFormats.Detect(job.File);
        return format switch
        {
            ImportFormat.Artifact => ArtifactReader.Read(job),
            ImportFormat.XgboostJson or ImportFormat.LightgbmText => FromTrees(format, job, ReadTrees(format, job.File)),
            _ => FromGraph(format, job),
        };
    }

    /// <exception cref="TrainingException">With InvalidModelFile.</exception>
    internal static SourceModel ReadTrees(ImportFormat format, byte[] file) =>
        format is ImportFormat.XgboostJson ? ReadXgboost(file) : ReadLightgbm(file);

    private static ImportedModel FromGraph(ImportFormat format, ImportJob job)
    {
        int columns = job.Spec.Features.Count();
        OnnxSource source = OnnxSource.Read(job.File, job.Spec.Task, columns, job.Output);
        int count = source.IsMatrix ? (int)Math.Min(OnnxSource.Width(source.Inputs[0]) ?? columns, int.MaxValue) : source.Inputs.Count;
        int[] bound = FeatureBinding.Bind(job.Spec, count, source.IsMatrix ? null : [.. source.Inputs.Select(i => i.Name)], takesTexts: false);
        SourceSession session = new(source, count);
        try
        {
            bool isClassifier = job.Spec.Task is ModelTask.Classification;
            if (!isClassifier && session.Width != 1)
            {
                throw OnnxSource.Refuse($"{session.Width} numbers per row, expected one for the task {job.Spec.Task}");
            }

            int classes = isClassifier ? Math.Max(2, session.Width) : 0;
            IReadOnlyList<string>? labels = source.Answer.Classes is { } own && own.Count == classes ? own : null;
            ImportBounds.RequireCounts(1, count, Math.Max(1, classes));
            ModelSchema schema = ClassBinding.Bind(job.Spec, classes, labels);
            FeatureEncoding[] encodings = [.. schema.Inputs.Select(input => new FeatureEncoding(input.Name, null))];
            IReadOnlyList<(int, float)> thresholds = OnnxThresholds.Find(source);
            return new ImportedModel(
                format, new ImportedGraph(schema, encodings, source, session, bound, thresholds),
                new ImportProof(new OnnxProof(session, bound, labels, thresholds, isClassifier), encodings), []);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static SourceModel ReadXgboost(byte[] file)
    {
        XgboostModel model = XgboostModelReader.ReadModel(file);
        ImportBounds.Require(model.Ensemble);
        IReadOnlyList<string> notes = model.EarlierBest is { } best
            ? [$"Early stopping found round {best} best. All rounds of the file count, as in Booster.predict; save " +
                $"model[:{best + 1}] where that is not meant."]
            : [];
        SourceTexts texts = XgboostTexts.Read(model, model.Ensemble.FeatureCount - model.Sets.Count);
        return new SourceModel(model.Ensemble, model.Sets, model.FeatureNames, texts, ReadAgain(() => new XgboostReference(file)), notes);
    }

    private static SourceModel ReadLightgbm(byte[] file)
    {
        LightgbmModel model = LightgbmModelReader.Read(file);
        ImportBounds.Require(model.Ensemble);
        return new SourceModel(
            model.Ensemble, model.Sets, model.FeatureNames, model.Texts, ReadAgain(() => new LightgbmReference(file)), []);
    }

    // What one reader takes and the other cannot read has more than one reading.
    private static SourceReference ReadAgain(Func<SourceReference> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or OverflowException or ArgumentException
            or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new TrainingException(TrainingFault.InvalidModelFile, $"model file: it can be read in more than one way: {e.Message}", e);
        }
    }

    private static ImportedModel FromTrees(ImportFormat format, ImportJob job, SourceModel source)
    {
        int[] bound = FeatureBinding.Bind(job.Spec, source.FeatureCount, source.FeatureNames, takesTexts: true);
        CategoryBinding binding = CategoryBinding.Bind(job.Spec, source, bound);
        TreeEnsemble ensemble = binding.Ensemble;
        int classes = ensemble.Link switch
        {
            Link.Sigmoid => 2,
            Link.Softmax => ensemble.OutputCount,
            _ => 0,
        };
        ModelSchema schema = ClassBinding.Bind(job.Spec, classes, labels: null);
        IReadOnlyList<FeatureEncoding> encodings = binding.Encodings;
        RowText ofSource = new([.. bound.Select(column => schema.Inputs[column].Name)]);
        int each = FeatureCategories.EachAt(source.Reference.Trees.Sum(tree => tree.Splits.LongCount(split => split.Set is not null)));
        SourceRows rows = new(
            bound, new SchemaRows(encodings), [.. binding.Lists.Select(list => list is { } l ? source.Reference.Texts(l) : null)], binding.Known,
            each, ofSource);
        return new ImportedModel(
            format, new TreeModel(schema, encodings, ensemble),
            new ImportProof(new ReferenceProof(source.Reference, ensemble, new ConvertedColumns(bound, encodings), rows), encodings),
            [.. source.Notes, .. binding.Notes])
        {
            Encoder = FeatureEncoder.FromEncodings(encodings),
        };
    }
}

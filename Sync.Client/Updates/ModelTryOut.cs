using System.Diagnostics;
using Shared.Contracts;
using Shared.Contracts.Onnx;
using Shared.Platform.Threads;
using Shared.Scoring;
using Shared.Scoring.Compilation;
using Shared.Scoring.Explaining;
using Sync.Client.Scoring;
using Sync.Client.Scoring.TypedRows;
using Sync.Client.Telemetry;
using Sync.Client.Updates.Schemas;

namespace Sync.Client.Updates;

/// <summary>Makes a scorer of a verified file: inspects it, compares its schema with the app's, binds the node's row types and runs its golden
/// vectors, on a thread of its own. A file that fails by its own fault goes into quarantine.</summary>
internal sealed class ModelTryOut(RelaySyncOptions options, QuarantineList quarantine, SchemaGuard schemas)
{
    private readonly ScorerLoader _scorers = new(options.Scorer, options.OnnxRuntime, options.Budgets);

    public async Task<Result<ModelScorer>> RunAsync(PlannedModel model, byte[] file, CancellationToken cancellationToken)
    {
        using Activity? activity = NodeTelemetry.StartTryOut(model.Name, model.Version);
        (Result<ModelScorer> scorer, bool isFilesFault) = await BackgroundThread.RunAsync(
            () => Load(model, file, cancellationToken), $"relay loads {model.Name}").ConfigureAwait(false);
        NodeTelemetry.Fail(activity, scorer.Refusal?.Reason.ToString());
        if (scorer.IsAccepted)
        {
            quarantine.Remove(model.Sha256);
        }
        else if (isFilesFault)
        {
            quarantine.Add(model, scorer.Refusal.Reason);
        }

        return scorer;
    }

    private (Result<ModelScorer> Scorer, bool IsFilesFault) Load(PlannedModel model, byte[] file, CancellationToken cancellationToken)
    {
        Result<ArtifactDescription> inspected = ArtifactInspector.Inspect(file, model.File.Path);
        if (!inspected.IsAccepted)
        {
            return (inspected.Refusal, true);
        }

        ArtifactDescription described = inspected.Value;
        if (described.Name != model.Name || described.Version != model.Version)
        {
            return (new Refusal(
                RefusalReason.SchemaMismatch, model.File.Path, $"the file says it is {described.Name} version {described.Version}"), true);
        }

        if (schemas.Check(model, described) is { } unfit)
        {
            // The fault of neither file nor node: another build of the app may be made for this schema.
            return (unfit, false);
        }

        Result<RowReaders> rows = RowReaders.Bind(options.RowTypes, model.Name, described.Schema, model.File.Path);
        if (!rows.IsAccepted)
        {
            // The fault of this node's program: a build whose rows have the right properties may load the same file.
            return (rows.Refusal, false);
        }

        ActiveModelVersion version = new(model.Name, model.Version, model.Sha256, described.Schema)
        {
            Offset = described.Offset,
            SchemaHash = described.SchemaHash,
        };
        Result<ModelScorer> scorer = _scorers.Load(file, described, version, model.File.Path, cancellationToken);
        if (scorer.IsAccepted)
        {
            scorer.Value.Rows = rows.Value;
            if (options.Explanations)
            {
                Unsupported? whyNot = ForestExplainer.Load(file, described.Schema, out ForestExplainer? explainer);
                scorer.Value.Explaining = (explainer, $"{whyNot}");
            }
        }

        // Without ONNX Runtime, a model that the managed scorer does not run waits for a build of the app that adds it.
        bool lacksScorer = scorer.Refusal?.Reason is RefusalReason.ScorerUnavailable && options.OnnxRuntime is null;
        return (scorer, !lacksScorer);
    }
}

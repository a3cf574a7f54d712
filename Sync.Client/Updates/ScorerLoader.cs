using Shared.Contracts;
using Shared.Contracts.Onnx;
using Shared.Scoring;
using Shared.Scoring.Compilation;
using Sync.Client.Scoring;

namespace Sync.Client.Updates;

/// <summary>Makes a scorer of an inspected file and runs its golden vectors: the managed scorer where the options allow it and it supports
/// the model, else ONNX Runtime where the app adds it.</summary>
/// <param name="onnxRuntime">Null where the app does not add it.</param>
internal sealed class ScorerLoader(ScorerChoice choice, RowScorerLoader? onnxRuntime, RelaySyncBudgets budgets)
{
    /// <summary>What an operator does about a model that the managed scorer does not run.</summary>
    public const string HowToAddOnnxRuntime =
        "add the package Relay.Sync.Client.OnnxRuntime and call UseOnnxRuntime() on the options of AddRelaySync";

    public Result<ModelScorer> Load(
        byte[] file, ArtifactDescription described, ActiveModelVersion version, string subject, CancellationToken cancellationToken)
    {
        if (choice is ScorerChoice.OnnxRuntime)
        {
            return OnnxRuntime(file, described, version, subject);
        }

        Result<ModelScorer> managed = Managed(file, described, version, subject, cancellationToken);
        if (managed.IsAccepted || choice is ScorerChoice.Managed)
        {
            return managed;
        }

        if (onnxRuntime is null)
        {
            return managed.Refusal.Reason is RefusalReason.ScorerUnavailable
                ? managed.Refusal with { Detail = $"{managed.Refusal.Detail}; to run it in ONNX Runtime, {HowToAddOnnxRuntime}" }
                : managed;
        }

        Result<ModelScorer> other = OnnxRuntime(file, described, version, subject);
        return other.IsAccepted
            ? other
            : new Refusal(
                other.Refusal.Reason, subject, $"{other.Refusal.Detail}; the managed scorer does not run it either: {managed.Refusal.Detail}");
    }

    private Result<ModelScorer> Managed(
        byte[] file, ArtifactDescription described, ActiveModelVersion version, string subject, CancellationToken cancellationToken)
    {
        MemoryBudget memory = new(budgets.TryOutBytes, subject);
        SampleRows sample = SampleRows.FromGolden(described.Golden);
        if (ManagedScorer.Load(
            file, version.Schema, sample, budgets.KernelMeasuring, out ManagedScorer? scorer, cancellationToken) is { } unsupported)
        {
            return new Refusal(RefusalReason.ScorerUnavailable, subject, $"the managed scorer does not run {unsupported}");
        }

        return TryOut(scorer!, described, version, memory, subject);
    }

    private Result<ModelScorer> OnnxRuntime(byte[] file, ArtifactDescription described, ActiveModelVersion version, string subject)
    {
        if (onnxRuntime is null)
        {
            return new Refusal(RefusalReason.ScorerUnavailable, subject, $"this app has no ONNX Runtime: {HowToAddOnnxRuntime}");
        }

        MemoryBudget memory = new(budgets.TryOutBytes, subject);
        if (memory.CheckNative(file.LongLength) is { } tooLarge)
        {
            return tooLarge;
        }

        return onnxRuntime(file, version.Schema, subject, out IRowScorer? scorer) is { } refusal
            ? refusal
            : TryOut(scorer!, described, version, memory, subject);
    }

    private Result<ModelScorer> TryOut(
        IRowScorer rows, ArtifactDescription described, ActiveModelVersion version, MemoryBudget memory, string subject)
    {
        ModelScorer scorer = new(rows, version) { Consent = ConsentedColumns.Create(described.Samples, version.Schema) };
        if ((memory.Check() ?? GoldenTryOut.Run(scorer, described.Golden, budgets, subject) ?? memory.Check()) is { } refusal)
        {
            scorer.Retire();
            return refusal;
        }

        return scorer;
    }
}

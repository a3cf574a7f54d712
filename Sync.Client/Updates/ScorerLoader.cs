using Microsoft.ML.OnnxRuntime;
using Shared.Contracts;
using Shared.Contracts.Onnx;
using Shared.Scoring;
using Shared.Scoring.Compilation;
using Sync.Client.Scoring;

namespace Sync.Client.Updates;

/// <summary>Makes a scorer of an inspected file and runs its golden vectors: the managed scorer where the options allow it and it supports
/// the model, else ONNX Runtime.</summary>
internal sealed class ScorerLoader(ScorerChoice choice, RelaySyncBudgets budgets)
{
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
        MemoryBudget memory = new(budgets.TryOutBytes, subject);
        if (memory.CheckNative(file.LongLength) is { } tooLarge)
        {
            return tooLarge;
        }

        OnnxScorer scorer;
        try
        {
            scorer = OnnxScorer.Load(file, version.Schema);
        }
        catch (OnnxRuntimeException e)
        {
            return new Refusal(RefusalReason.ScorerUnavailable, subject, e.Message);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
        {
            return new Refusal(RefusalReason.ScorerUnavailable, subject, $"ONNX Runtime's native library cannot be used here: {e.Message}");
        }

        return TryOut(scorer, described, version, memory, subject);
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

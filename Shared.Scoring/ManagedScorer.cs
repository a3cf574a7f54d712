using System.Runtime.Intrinsics.X86;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Shared.Scoring.Compilation;
using Shared.Scoring.Graph;
using Shared.Scoring.Kernels;
using Shared.Scoring.Threads;
using Shared.Scoring.Trees;

namespace Shared.Scoring;

/// <summary>Scores one model in C#, with the bits of ONNX Runtime on one thread. It holds no unmanaged resource.</summary>
internal sealed class ManagedScorer : IRowScorer
{
    /// <summary>Trees of a model that it runs.</summary>
    public const int MaxTrees = ScorableTrees.MaxTrees;

    private readonly GraphPlan _plan;
    private readonly RowCounter _scored = new();

    private ManagedScorer(GraphPlan plan) => _plan = plan;

    /// <summary>Whether the bits are proven to be those of ONNX Runtime on this processor. Elsewhere exponentials may differ by about 1e-7,
    /// within the tolerance for golden vectors on a node; sums of trees are the same everywhere.</summary>
    public static bool IsBitExact => Avx512F.IsSupported;

    public long ScoredRows => _scored.Total;

    /// <summary>Compiles a model with the reference kernel for its trees.</summary>
    /// <param name="onnx">A file that <see cref="ArtifactInspector"/> accepts.</param>
    /// <returns>Why only ONNX Runtime can run it, or null and the scorer.</returns>
    public static Unsupported? Load(byte[] onnx, ModelSchema schema, out ManagedScorer? scorer)
    {
        Unsupported? unsupported = Compile(onnx, schema, out GraphPlan? plan);
        scorer = unsupported is null ? new ManagedScorer(plan!) : null;
        return unsupported;
    }

    /// <summary>Compiles a model and measures the fastest kernels for its trees. It is slow, and belongs on a background thread.</summary>
    /// <param name="onnx">A file that <see cref="ArtifactInspector"/> accepts.</param>
    /// <param name="sample">Rows to measure kernels on.</param>
    /// <param name="time">About how long to measure.</param>
    /// <returns>Why only ONNX Runtime can run it, or null and the scorer.</returns>
    public static Unsupported? Load(
        byte[] onnx, ModelSchema schema, SampleRows sample, TimeSpan time, out ManagedScorer? scorer, CancellationToken cancellationToken)
    {
        Unsupported? unsupported = Compile(onnx, schema, out GraphPlan? plan);
        scorer = unsupported is null ? new ManagedScorer(KernelTuner.Tune(plan!, sample, time, cancellationToken)) : null;
        return unsupported;
    }

    public void Score(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int rows, Span<float> outputs)
    {
        _plan.Run(numbers, categories, rows, outputs);
        _scored.Add(rows);
    }

    public void Dispose()
    {
    }

    private static Unsupported? Compile(byte[] onnx, ModelSchema schema, out GraphPlan? plan)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(onnx);
        string[] inputs = [.. schema.Inputs.Select(i => i.Name)];
        if (GraphCompiler.Compile(
            model, inputs, schema.NumericOutput, KernelCatalog.CreateForAny, out plan) is { } unsupported)
        {
            return unsupported;
        }

        return plan!.Texts is not null || plan.Output.Width != schema.OutputWidth
            ? new Unsupported("output", $"'{schema.NumericOutput}' has {plan.Output.Width} columns where the schema has {schema.OutputWidth}")
            : null;
    }
}

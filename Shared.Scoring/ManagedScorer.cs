using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;
using Shared.Scoring.Kernels;

namespace Shared.Scoring;

/// <summary>Runs one model in C#, with the bits of ONNX Runtime on one thread. Holds nothing that has to be freed.</summary>
internal sealed class ManagedScorer : IRowScorer
{
    private readonly GraphPlan _plan;
    private readonly RowCount _scored = new();

    private ManagedScorer(GraphPlan plan) => _plan = plan;

    public long Scored => _scored.Total;

    /// <summary>Reads a model and finds the fastest kernels for it; slow, never to be called while somebody waits for a prediction.</summary>
    /// <param name="onnx">A file that <see cref="ArtifactInspector"/> accepts.</param>
    /// <param name="sample">Rows to measure kernels on.</param>
    /// <param name="time">How long to measure, about.</param>
    /// <returns>Why ONNX Runtime has to run it, or null and the scorer.</returns>
    public static Unsupported? Load(
        byte[] onnx, ModelSchema schema, SampleRows sample, TimeSpan time, out ManagedScorer? scorer, CancellationToken cancellationToken)
    {
        scorer = null;
        ModelProto model = ModelProto.Parser.ParseFrom(onnx);
        string[] inputs = [.. schema.Inputs.Select(i => i.Name)];
        if (GraphCompiler.Compile(
            model, inputs, schema.NumericOutput, forest => new InterleavedKernel(forest), out GraphPlan? plan) is { } unsupported)
        {
            return unsupported;
        }

        if (plan!.Texts is not null || plan.Output.Width != schema.OutputWidth)
        {
            return new Unsupported("output", $"'{schema.NumericOutput}' has {plan.Output.Width} columns where the schema has {schema.OutputWidth}");
        }

        scorer = new ManagedScorer(plan.WithFastestKernels(sample, time, cancellationToken));
        return null;
    }

    public void Score(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int rows, Span<float> outputs)
    {
        _plan.Run(numbers, categories, rows, outputs);
        _scored.Add(rows);
    }

    public void Dispose()
    {
    }
}

using Sync.Client.Runtime.Managed.Graph;
using Sync.Client.Runtime.Managed.Kernels;

namespace Sync.Client.Runtime.Managed.Operators;

/// <summary>Adds up a forest.</summary>
internal sealed class TreeStep(ForestKernel kernel, Block input, Block output) : PlanStep
{
    public override void Run(in Rows rows)
    {
        ReadOnlySpan<float> all = rows.ReadAll(input);
        if (rows.Count > 1 && !all.IsEmpty)
        {
            kernel.ScoreBatch(all, rows.WriteAll(output));
            return;
        }

        for (int row = 0; row < rows.Count; row++)
        {
            kernel.Score(rows.Read(input, row), rows.Write(output, row));
        }
    }
}

using Shared.Contracts.Onnx.Trees;

namespace Shared.Scoring.Trees;

/// <summary>Computes the <see cref="OutputPresence"/> of every output.</summary>
internal static class OutputPresences
{
    /// <returns>One per output.</returns>
    public static OutputPresence[] Compute(SourceTrees trees)
    {
        OutputPresence[] presences = new OutputPresence[trees.OutputCount];
        int[] counts = new int[trees.OutputCount];
        Stack<int> open = [];
        foreach (int root in trees.Roots)
        {
            List<int> leaves = [];
            open.Push(root);
            while (open.TryPop(out int at))
            {
                if (at < 0)
                {
                    leaves.Add(~at);
                    continue;
                }

                open.Push(trees.Nodes[at].WhenTrue);
                open.Push(trees.Nodes[at].WhenFalse);
            }

            Count(trees, leaves, counts, presences);
        }

        return presences;
    }

    // Counts per output the leaves of one tree that have a value for it; visits only outputs that the tree has.
    private static void Count(SourceTrees trees, List<int> leaves, int[] counts, OutputPresence[] presences)
    {
        foreach (int leaf in leaves)
        {
            foreach (LeafValue value in trees.Leaf(leaf))
            {
                counts[value.Output]++;
                if (counts[value.Output] == leaves.Count)
                {
                    presences[value.Output] = OutputPresence.Always;
                }
                else if (presences[value.Output] is OutputPresence.Never)
                {
                    presences[value.Output] = OutputPresence.Sometimes;
                }
            }
        }

        foreach (int leaf in leaves)
        {
            foreach (LeafValue value in trees.Leaf(leaf))
            {
                counts[value.Output] = 0;
            }
        }
    }
}

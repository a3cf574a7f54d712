namespace Shared.Scoring.Trees;

/// <summary>Which outputs the leaves that a row reaches are sure to name. ONNX Runtime gives 0, without a base value, for an output
/// that none of them named.</summary>
internal enum OutputPresence
{
    Never,

    /// <summary>Depends on the row.</summary>
    Sometimes,

    /// <summary>All leaves of some tree name it.</summary>
    Always,
}

internal static class OutputPresences
{
    /// <returns>One per output.</returns>
    public static OutputPresence[] Of(SourceTrees trees)
    {
        OutputPresence[] presences = new OutputPresence[trees.OutputCount];
        int[] naming = new int[trees.OutputCount];
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

            Count(trees, leaves, naming, presences);
        }

        return presences;
    }

    // Counts, judges and sets back, touching only what the tree names.
    private static void Count(SourceTrees trees, List<int> leaves, int[] naming, OutputPresence[] presences)
    {
        foreach (LeafValue value in leaves.SelectMany(leaf => trees.Leaves[leaf]))
        {
            naming[value.Output]++;
            if (naming[value.Output] == leaves.Count)
            {
                presences[value.Output] = OutputPresence.Always;
            }
            else if (presences[value.Output] is OutputPresence.Never)
            {
                presences[value.Output] = OutputPresence.Sometimes;
            }
        }

        foreach (LeafValue value in leaves.SelectMany(leaf => trees.Leaves[leaf]))
        {
            naming[value.Output] = 0;
        }
    }
}

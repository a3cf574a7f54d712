using System.Globalization;
using Relay.Training.Trees;

namespace Relay.Training.Engines.Common;

/// <summary>Adds up what the trees of an ensemble will take until their file is proved, and ends the run before that is more than the machine has:
/// the operating system would end the process without a word. Threads may share it.</summary>
/// <param name="memoryBytes">What the process may take.</param>
internal sealed class EnsembleMemory(long memoryBytes)
{
    /// <summary>Least bytes of a node while its tree is written, proved in ONNX Runtime and packaged: a forest of 5,075,410 nodes took 770 for
    /// each, some of which the garbage collector could have given back.</summary>
    internal const int NodeBytes = 600;

    // A node has at least this in the lists of the file, whose format ends at 2 GiB.
    private const int FileNodeBytes = 24;
    private const long MaxNodes = int.MaxValue / FileNodeBytes;

    // A leaf has a value for each class, which the trainer and the evaluator hold.
    private const int LeafValueBytes = 2 * sizeof(float);

    private long _trees;
    private long _nodes;
    private long _bytes;

    /// <summary>With what the machine has, or the container where it allows less.</summary>
    public static EnsembleMemory OfMachine() => new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>With what a test gives, else with what the machine has.</summary>
    public static EnsembleMemory Create(long? memoryBytes) => memoryBytes is { } given ? new(given) : OfMachine();

    /// <summary>For engines that give all trees at once.</summary>
    /// <exception cref="TrainingException">With OutOfMemory: the trees have too many nodes.</exception>
    public static void Require(TreeEnsemble ensemble)
    {
        EnsembleMemory memory = OfMachine();
        foreach (Tree tree in ensemble.Trees)
        {
            memory.Add(tree);
        }
    }

    /// <summary>Counts a tree that will be in the file.</summary>
    /// <exception cref="TrainingException">With OutOfMemory: the trees so far have too many nodes.</exception>
    public void Add(Tree tree) => Add(tree.NodeCount, ((long)tree.NodeCount * NodeBytes) + ((long)tree.LeafValues.Length * LeafValueBytes));

    /// <param name="treeNodes">Of one more tree.</param>
    /// <param name="treeBytes">What the tree will take.</param>
    /// <exception cref="TrainingException">With OutOfMemory: the trees so far have too many nodes.</exception>
    public void Add(int treeNodes, long treeBytes)
    {
        long trees = Interlocked.Increment(ref _trees);
        long nodes = Interlocked.Add(ref _nodes, treeNodes);
        long bytes = Interlocked.Add(ref _bytes, treeBytes);
        string? reason = bytes > memoryBytes
            ? $"they take {Gibibytes(bytes)} GiB of memory or more until their file is proved, and {Gibibytes(memoryBytes)} GiB are there"
            : nodes > MaxNodes ? "a file holds 2 GiB at most"
            : null;
        if (reason is not null)
        {
            throw new TrainingException(
                TrainingFault.OutOfMemory,
                string.Create(CultureInfo.InvariantCulture, $"the first {trees:N0} trees have {nodes:N0} nodes: {reason}; ")
                + "train fewer trees (trees), or smaller ones (leaves, depth, minSamplesLeaf)");
        }
    }

    private static string Gibibytes(long bytes) => (bytes / (double)(1L << 30)).ToString("0.##", CultureInfo.InvariantCulture);
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Relay.Server.Datasets.Reading;
using Relay.Server.Datasets.Samples;
using Relay.Training;
using Relay.Training.Data.Uploads;
using Shared.Contracts;
using Shared.Contracts.Models;

namespace Relay.Server.Datasets.Selection;

/// <summary>Which samples a run takes for training, and which it holds out: of each source the last quarter, so that no node makes up more of the
/// held-out rows than of the others. The same samples, spec and rules give the same choice.</summary>
internal sealed class TrainingSelection
{
    private const int HeldOutDivisor = 4;
    private const int ListedNodes = 20;

    private readonly Dictionary<long, bool> _isHeldOut;

    private TrainingSelection(Dictionary<long, bool> isHeldOut, DatasetUse use) => (_isHeldOut, Use) = (isHeldOut, use);

    public DatasetUse Use { get; }

    /// <summary>Null for a sample that is left out.</summary>
    public bool? IsHeldOut(long position) => _isHeldOut.TryGetValue(position, out bool isHeldOut) ? isHeldOut : null;

    /// <param name="read">The positions, among the stored cells, of those that the model reads, and whether it reads numbers.</param>
    /// <param name="rules">What of nodes is taken.</param>
    /// <param name="hasTestFile">The held-out rows are a file of their own: none is taken of the dataset.</param>
    /// <exception cref="TrainingException">Too few rows are left, with the reason.</exception>
    public static TrainingSelection Choose(
        Dataset dataset, SampleReader samples, (int Cell, bool IsNumber)[] read, bool needsLabels, bool hasTestFile, NodeRules rules,
        CancellationToken cancellationToken)
    {
        HashSet<string> excluded = [.. rules.Banned.Select(SampleSource.NameOfNode)];
        HashSet<string> found = [];

        List<CandidateRow> rows = [];
        Dictionary<string, int> labels = new(StringComparer.Ordinal);
        (long seen, long unlabeled, long contradicted, long ofBanned) = (0, 0, 0, 0);
        foreach (ReadSample sample in samples.Read(cancellationToken))
        {
            seen++;
            if (excluded.Count > 0 && excluded.Contains(samples.NameOf(sample.Source)))
            {
                ofBanned++;
                found.Add(samples.NameOf(sample.Source));
                continue;
            }

            if (sample.Verdict.Label is null && needsLabels)
            {
                contradicted += sample.Verdict.IsContradicted ? 1 : 0;
                unlabeled += sample.Verdict.IsContradicted ? 0 : 1;
                continue;
            }

            string label = sample.Verdict.Label ?? "";
            labels.TryAdd(label, labels.Count);
            bool isTrusted = sample.Verdict.IsTrusted || !samples.IsNode(sample.Source);
            rows.Add(new CandidateRow(
                sample.Position, HashContent(dataset, sample.Cells, read), Hash(Encoding.UTF8.GetBytes(sample.Id)), (int)sample.Source,
                labels[label], isTrusted));
        }

        long candidates = rows.Count;
        IReadOnlySet<int> dissenting = new HashSet<int>();
        if (needsLabels && dataset.Spec.Label is { Number: false })
        {
            Dissent dissent = Dissent.Find(rows, source => samples.IsNode(source));
            dissenting = dissent.Sources;
            rows.RemoveAll(row => dissent.IsOutvoted(row) || (dissenting.Contains(row.Source) && !row.IsTrusted));
        }

        long outvoted = candidates - rows.Count;
        (Dictionary<long, bool> isHeldOut, int nodes) = Draw(rows, samples, rules.Share, hasTestFile);
        DatasetUse use = new()
        {
            Name = dataset.Name,
            Position = samples.Position,
            Rows = seen,
            Used = isHeldOut.Count,
            Unlabeled = unlabeled,
            Contradicted = contradicted,
            Outvoted = outvoted,
            Banned = ofBanned,
            BannedNodes = found.Count == 0
                ? null
                : [.. rules.Banned.Where(node => found.Contains(SampleSource.NameOfNode(node))).Order(StringComparer.Ordinal)],
            Capped = rows.Count - isHeldOut.Count,
            NodeShare = rules.Share,
            Nodes = nodes,
            DissentingNodes = dissenting.Count == 0
                ? null
                : [.. dissenting.Select(source => samples.NameOf(source)).Order(StringComparer.Ordinal).Take(ListedNodes)],
        };
        Require(use);
        return new TrainingSelection(isHeldOut, use);
    }

    private static (Dictionary<long, bool> IsHeldOut, int Nodes) Draw(
        List<CandidateRow> rows, SampleReader samples, double share, bool hasTestFile)
    {
        IGrouping<int, CandidateRow>[] sources = [.. rows.GroupBy(row => row.Source).OrderBy(source => source.Key)];
        IGrouping<int, CandidateRow>[] nodes = [.. sources.Where(source => samples.IsNode(source.Key))];
        int cap = NodeCap.Find(rows.Count - nodes.Sum(node => (long)node.Count()), [.. nodes.Select(node => node.Count())], share);
        Dictionary<long, bool> isHeldOut = [];
        foreach (IGrouping<int, CandidateRow> source in sources)
        {
            CandidateRow[] taken =
            [
                .. (samples.IsNode(source.Key) ? source.OrderBy(row => row.Order).ThenBy(row => row.Position).Take(cap) : source)
                    .OrderBy(row => row.Position),
            ];
            int kept = hasTestFile ? taken.Length : taken.Length - (taken.Length / HeldOutDivisor);
            foreach ((int index, CandidateRow row) in taken.Index())
            {
                isHeldOut[row.Position] = index >= kept;
            }
        }

        return (isHeldOut, cap > 0 ? nodes.Length : 0);
    }

    private static void Require(DatasetUse use)
    {
        if (use.Used == 0)
        {
            throw new TrainingException(
                TrainingFault.TooFewRows,
                DisplayText.Format(
                    $"dataset {use.Name}: of {use.Rows} samples, {use.Unlabeled} have no label, {use.Contradicted} have labels that contradict, "
                    + $"{use.Banned} are of banned nodes, {use.Outvoted} are outvoted and {use.Capped} are beyond the share of "
                    + $"{use.NodeShare} that one node may make up: none is left. ")
                + "Label more, add samples with an API key or of more nodes, or raise limits.nodeShare");
        }
    }

    private static ulong HashContent(Dataset dataset, byte[] cells, (int Cell, bool IsNumber)[] read)
    {
        Span<Range> places = new Range[dataset.Spec.Columns.Count - (dataset.Spec.LabelColumn is null ? 0 : 1)];
        StoredCells.Locate(cells, places);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bits = stackalloc byte[sizeof(float)];
        foreach ((int cell, bool isNumber) in read)
        {
            if (isNumber)
            {
                // As the model reads it: 12, 12.0 and +12 are one number, and so are 0 and -0.
                float number = CellRules.FindNumber(cells.AsSpan(places[cell])) ?? float.NaN;
                BinaryPrimitives.WriteSingleLittleEndian(bits, number == 0 ? 0 : number);
                hash.AppendData(bits);
            }
            else
            {
                // With the NUL that ends it.
                hash.AppendData(cells.AsSpan(places[cell].Start.Value..(places[cell].End.Value + 1)));
            }
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(hash.GetHashAndReset());
    }

    // Who sends chooses the ids, and so which of its own rows are taken; never which of another's.
    private static ulong Hash(byte[] text) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(text));
}

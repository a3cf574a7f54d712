using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Data.Weighting;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Common.Sharding;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Streaming;

/// <summary>Reads training rows straight into bins, in two passes over the file: one to learn bin edges, codes and classes, one to
/// bin. Memory holds a byte per cell, and numbers only of the held-out rows. With shards, each keeps its own range of rows
/// or reads a file of its own, and all learn the same edges, codes and classes.</summary>
internal sealed class StreamedLoader(
    DataSource source, IShardGroup shards, int threads, IProgress<TrainingProgress>? progress)
{
    private readonly ModelSpec _spec = source.Spec;

    /// <exception cref="TrainingException">The spec, a file or the data is wrong; the message says where.</exception>
    public LoadedData Load(CancellationToken cancellationToken)
    {
        DataChecks.RequireConsistent(_spec);
        RowRanges ranges = FindRanges(cancellationToken);
        SummaryReader summary = new(_spec);
        TableReader? heldOut = ranges.HeldOut > 0 ? new(_spec) : null;
        ScannedFile file = CsvScanner.Run(
            _spec, source.TrainPath, "read",
            row => ranges.IsOwn(row) ? summary : row >= ranges.Training ? heldOut : null, progress, cancellationToken);
        string trainName = ranges.HeldOut > 0 ? $"{file.Name} (first {ranges.Training} rows)" : file.Name;
        RawTable raw = new(file.Name, file.Sha256, [], summary.LabelReader?.Finish(), summary.WeightInputs!.Finish(), summary.Rows)
        {
            Warnings = file.Warnings,
        };
        RequireAgreement(summary, raw.LabelColumn);
        ShardParts parts = ShardParts.Gather(trainName, file.Sha256, summary.Rows, source.Agreement, shards);
        IReadOnlyList<string> classes = FindClasses(raw.LabelColumn);
        DataSet own = raw.ToDataSet(_spec, classes, trainName);
        DataSummary total = Total(own.Summary, classes) with { TooOld = shards.Sum(ranges.TooOld) };
        if (source.IsPart)
        {
            total = total with { Source = parts.Source, Sha256 = parts.Sha256 };
        }

        Lazy<TargetValues> target = new(() => TargetValues.Create(
            own.Labels, [.. classes.Select(c => total.ClassRows[c])], own.Targets, total.Rows, shards));
        LearnedColumn[] columns = [.. summary.Columns.Select(c => LearnedColumn.Create(c, source, target, parts.FirstRow, shards))];
        string[] constant = [.. columns.Where(c => c.IsConstant).Select(c => c.Source.Name)];
        DataChecks.Require(total, classes, constant.Length == columns.Length, _spec);
        DataChecks.RequireTargets(own, _spec, shards);
        TrainingSet known = new([], own.Labels, Math.Max(1, classes.Count))
        {
            FeatureCount = columns.Sum(c => c.Bins.Length),
            Names = [.. columns.SelectMany(c => Enumerable.Repeat(c.Source.Name, c.Bins.Length))],
            Targets = own.Targets,
            Shards = shards,
            FirstRow = parts.FirstRow,
            SampleWeights = RowWeights.Compute(_spec, file.Name, raw.WeightInputs, own.Labels, classes, total.ClassRows, ranges.Age),
        };
        TableReader sample = new(_spec);
        TrainingSet train = Bin(known, columns, ranges, file.Sha256, sample, cancellationToken);
        DataSet sampled = sample.Finish(file).ToDataSet(_spec, classes, trainName);
        TrainingRowFacts facts = new(constant, summary.DrainFingerprints(), own.Labels, sampled) { Profiles = [.. columns.Select(c => c.Profile)] };
        FeatureEncoder encoder = FeatureEncoder.Create(columns.Select(c => c.Source.Name), [.. columns.Select(c => c.Encoder)]);
        return new LoadedData(train, encoder, classes, total, LoadTest(classes, heldOut?.Finish(file), ranges, cancellationToken))
        {
            Facts = facts.Gather(shards, total.Rows),
        };
    }

    // Before the first sum but, with an age rule, that of the newest time, which says what rows are too old: rows that do not fit show nothing else.
    private void RequireAgreement(SummaryReader summary, RawLabelColumn? labelColumn)
    {
        if (source.Agreement is not { } agreement)
        {
            return;
        }

        ShardParts.RequireRows(summary.Rows, agreement);
        if (labelColumn is RawLabels labels && _spec.Label.Groups.Count == 0)
        {
            AgreedTexts.Require(labels.Column, agreement.Labels, labels.Texts);
        }

        foreach (CategorySummarizer column in summary.Columns.OfType<CategorySummarizer>())
        {
            AgreedTexts.Require(column.Name, agreement.Categories.GetValueOrDefault(column.Name, []), column.Texts.Texts);
        }
    }

    // Which rows are whose, and which are too old: where all that is known, there is no pass for it.
    private RowRanges FindRanges(CancellationToken cancellationToken)
    {
        TimeReader? times = _spec.Weights.Age is null ? null : new TimeReader(_spec);
        bool isAlone = source.IsPart || shards.Size == 1;
        if (source.TestPath is not null && isAlone && times is null)
        {
            return new RowRanges(int.MaxValue, 0, 0, int.MaxValue);
        }

        int rows = CsvScanner.Run(_spec, source.TrainPath, "count", _ => times, progress, cancellationToken).Rows;
        int heldOut = source.TestPath is null ? source.HeldOutRows(rows) : 0;
        int training = rows - heldOut;
        if (!source.IsPart && training < shards.Size)
        {
            throw new TrainingException(
                TrainingFault.InvalidData, $"{Path.GetFileName(source.TrainPath)}: {training} rows are too few for {shards.Size} shards");
        }

        if (source.Agreement is { } agreement)
        {
            // The newest time of all is a sum already: an owner with too few rows has no part in it.
            ShardParts.RequireRows(training, agreement);
        }

        double[]? seen = times?.WeightInputs!.Finish().Times?[..training];
        AgeWeighting? age = AgeWeighting.Create(_spec, Path.GetFileName(source.TrainPath), seen, shards);
        (int rank, int size) = isAlone ? (0, 1) : (shards.Rank, shards.Size);
        return new RowRanges(
            training, heldOut, (int)((long)training * rank / size), (int)((long)training * (rank + 1) / size))
        {
            Age = age,
            IsTooOld = age is null ? null : [.. seen!.Select(age.IsTooOld)],
        };
    }

    private IReadOnlyList<string> FindClasses(RawLabelColumn? labelColumn) => labelColumn is not RawLabels labels ? []
        : source.Agreement is not { } agreement
            ? ClassMap.Classes(_spec, TextCounts.Gather(labels.Texts, new long[labels.Texts.Length], shards).Texts)
        : _spec.Label.Groups.Count > 0 ? ClassMap.Classes(_spec, [])
        : ClassMap.Classes(_spec, AgreedTexts.FindOccurring(labels.Column, agreement.Labels, labels.Texts, shards));

    private DataSummary Total(DataSummary own, IReadOnlyList<string> classes)
    {
        long[] rows = [own.Rows, .. classes.Select(c => own.ClassRows[c])];
        shards.Sum(rows);
        return own with { Rows = rows[0], ClassRows = classes.Zip(rows[1..]).ToDictionary(c => c.First, c => c.Second) };
    }

    private TrainingSet Bin(
        TrainingSet set, LearnedColumn[] columns, RowRanges ranges, string digest, TableReader sample, CancellationToken cancellationToken)
    {
        ColumnBins[] all = [.. columns.SelectMany(c => c.Bins)];
        int[] features = BinnedRows.Varying(all);
        int stride = RowMerger.Stride(features.Length);
        byte[] row = new byte[stride];
        RowMerger merger = new(set, new byte[checked((long)set.RowCount * stride)], stride);
        int next = 0;
        BinReader reader = new(
            [.. columns.Select(c => c.Binner(row, Array.ConvertAll(c.Bins, _ => Array.IndexOf(features, next++)), set.FirstRow))], row, merger);
        TrainingSampler sampler = new(set.RowCount);
        string again = CsvScanner.Run(
            _spec, source.TrainPath, "bin", i => ranges.IsOwn(i) ? reader : null, i => ranges.IsOwn(i) && sampler.Draws(i) ? sample : null,
            progress, cancellationToken).Sha256;
        if (again != digest)
        {
            throw new TrainingException(
                TrainingFault.InvalidData, $"{Path.GetFileName(source.TrainPath)}: changed while it was read, train again when it is at rest");
        }

        ColumnBins[] bins = [.. features.Select(f => all[f])];
        return set with { Binned = BinnedRows.Create(set, features, bins, merger.Finish(), threads, cancellationToken) };
    }

    private DataSet LoadTest(IReadOnlyList<string> classes, RawTable? heldOut, RowRanges ranges, CancellationToken cancellationToken)
    {
        if (heldOut is not null)
        {
            return heldOut.ToDataSet(_spec, classes, $"{heldOut.Source} (last {ranges.HeldOut} rows)");
        }

        RawTable test = CsvTableReader.Read(_spec, source.TestPath!, progress, cancellationToken);
        return test.ToDataSet(_spec, classes, test.Source);
    }

    /// <summary>Which rows of the file are whose.</summary>
    /// <param name="Training">Rows before those held out at the end of the file.</param>
    /// <param name="Start">The first row of this shard.</param>
    /// <param name="End">The row after its last.</param>
    private sealed record RowRanges(int Training, int HeldOut, int Start, int End)
    {
        /// <summary>Null where age does not matter.</summary>
        public AgeWeighting? Age { get; init; }

        /// <summary>Per training row whether it is left out; null: none is.</summary>
        public bool[]? IsTooOld { get; init; }

        /// <summary>Rows of this shard left out.</summary>
        public long TooOld => IsTooOld?[Start..End].LongCount(old => old) ?? 0;

        public bool IsOwn(int row) => row >= Start && row < End && IsTooOld?[row] != true;
    }
}

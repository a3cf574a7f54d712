using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Streaming;
using Relay.Training.Data.Tables;
using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common.Sharding;
using Shared.Contracts.Models;

namespace Relay.Training.Data;

/// <summary>Reads data files as a spec says. Text streams; memory holds float32 numbers and category codes.</summary>
public static class DataLoader
{
    /// <summary>Reads training and held-out rows, and checks that the training rows can be learned from.</summary>
    /// <exception cref="TrainingException">The spec, a file or the data is wrong; the message says where.</exception>
    public static DataSplit Load(
        DataSource source, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        DataSplit split;
        if (source.TestPath is null)
        {
            split = LoadTail(source, progress, cancellationToken);
        }
        else
        {
            DataSet train = Load(source.Spec, source.TrainPath, null, progress, cancellationToken);
            split = new DataSplit(train, Load(source.Spec, source.TestPath, train.Classes, progress, cancellationToken));
        }

        DataChecks.Require(split.Train, source.Spec);
        return split;
    }

    /// <summary>Reads training rows straight into bins, so that memory holds a byte per cell, and held-out rows as they are. For
    /// engines that take bins (<see cref="Engines.Abstractions.IEnsembleTrainer.TakesBins"/>).</summary>
    /// <param name="shards">Those who train together; null: this process alone has all rows.</param>
    /// <param name="threads">Null takes the machine's processors.</param>
    /// <exception cref="TrainingException">The spec, a file or the data is wrong; the message says where.</exception>
    public static LoadedData LoadBinned(
        DataSource source, IShardGroup? shards = null, int? threads = null, IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        new StreamedLoader(source, shards ?? SingleShard.Instance, threads ?? Environment.ProcessorCount, progress).Load(cancellationToken);

    /// <summary>Reads one file.</summary>
    /// <param name="classes">The classes of training, for held-out rows; null for training rows: classes are as the spec says, rows get
    /// their weights, and those that are too old for the spec are left out.</param>
    /// <exception cref="TrainingException">The spec or the file is wrong, or a label belongs to no class.</exception>
    public static DataSet Load(
        ModelSpec spec, string path, IReadOnlyList<string>? classes, IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        DataChecks.RequireConsistent(spec);
        RawTable table = CsvTableReader.Read(spec, path, progress, cancellationToken);
        return classes is null ? table.ToTrainingRows(spec, table.Source) : table.ToDataSet(spec, classes, table.Source);
    }

    // The tail in file order: logs are ordered by time, and a random split would leak near-duplicates into the held-out rows.
    private static DataSplit LoadTail(DataSource source, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        DataChecks.RequireConsistent(source.Spec);
        RawTable table = CsvTableReader.Read(source.Spec, source.TrainPath, progress, cancellationToken);
        int heldOut = source.HeldOutRows(table.Rows);
        int kept = table.Rows - heldOut;
        DataSet train = table.Slice(0, kept).ToTrainingRows(source.Spec, $"{table.Source} (first {kept} rows)");
        return new DataSplit(
            train, table.Slice(kept, heldOut).ToDataSet(source.Spec, train.Classes, $"{table.Source} (last {heldOut} rows)"));
    }
}

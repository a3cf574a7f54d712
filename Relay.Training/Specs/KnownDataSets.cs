using Relay.Training.Data.Reading;
using Relay.Training.Specs.Drafting;
using Shared.Contracts.Models;

namespace Relay.Training.Specs;

/// <summary>Finds out what a folder or file holds, so that a person names a path and nothing else.</summary>
public static class KnownDataSets
{
    private const string SpecFile = "spec.json";

    private static readonly string[] Endings = [".csv", ".csv.gz", ".parquet", ".arrow", ".feather"];

    /// <summary>The KDD Cup 99 files; or spec.json with train.csv and test.csv, plain or .gz, or .parquet or .arrow;
    /// or one such file with a header.</summary>
    /// <exception cref="TrainingException">The path holds none of these, or the spec or the file is wrong.</exception>
    public static DataSource Recognize(string path, CancellationToken cancellationToken = default)
    {
        if (File.Exists(path))
        {
            return new DataSource(SpecDrafter.Draft(path, null, cancellationToken).Spec, path, null);
        }

        if (!Directory.Exists(path))
        {
            throw new TrainingException(TrainingFault.MissingData, $"{Path.GetFileName(path)}: there is no such file or folder");
        }

        string train = Path.Combine(path, KddCup99.TrainFile);
        string test = Path.Combine(path, KddCup99.TestFile);
        if (File.Exists(train) && File.Exists(test))
        {
            return new DataSource(KddCup99.Spec, train, test);
        }

        string specPath = Path.Combine(path, SpecFile);
        if (!File.Exists(specPath))
        {
            throw new TrainingException(
                TrainingFault.MissingData,
                $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(path))}: expected {KddCup99.TrainFile} and {KddCup99.TestFile}, "
                + $"or {SpecFile} with train.csv and test.csv (each may be .gz, .parquet or .arrow)");
        }

        return new DataSource(ReadSpec(specPath), Rows(path, "train"), Rows(path, "test"));
    }

    private static string Rows(string folder, string name) =>
        Endings.Select(ending => Path.Combine(folder, name + ending)).FirstOrDefault(File.Exists)
            ?? throw new TrainingException(
                TrainingFault.MissingData,
                $"{name}.csv: is missing beside {SpecFile}, also as {string.Join(", ", Endings.Skip(1).Select(e => name + e))}");

    private static ModelSpec ReadSpec(string path)
    {
        try
        {
            return ModelSpecParser.Parse(File.ReadAllBytes(path));
        }
        catch (ModelSpecException e)
        {
            throw new TrainingException(TrainingFault.InvalidSpec, $"{SpecFile}: {e.Message}", e);
        }
    }
}
